import type { KnownPerson } from "./existing-records";
import { isOwnMark, type Marks } from "./marks";
import { fitsByBoth } from "./match-contact";
import { oldest } from "./oldest";
import { originId, userIdOf } from "./person";
import { isTemplate } from "./recurring";
import type { FoundDeal } from "./responses";

/** The users whose deals may be those of registrations that this database has lost: mostly none. */
export function usersToAsk(people: KnownPerson[], marks: Marks): number[] {
  const asked = people.flatMap((person) => {
    const lostUser = lostUserOf(person, marks);
    return lostUser === null ? [] : [lostUser, person.userId];
  });
  return [...new Set(asked)];
}

/**
 * Gives people the deals of registrations that this database has lost. A deal certainly belongs to a person if its contact
 * was created with the same external id and has the person's e-mail as well as the phone. In a family with one phone, or
 * on a contact that was only linked, it may belong to another person. What the deal sells may have been changed by
 * managers since, so nothing is added beside other rows. A deal on such a contact that bears the person's own external id
 * is one whose adoption was carried out without an answer. `lost`: the deals that no row and no log names.
 */
export function withLostDeals(
  people: KnownPerson[],
  marks: Marks,
  { deals, lost }: { deals: FoundDeal[]; lost: ReadonlySet<number> },
): KnownPerson[] {
  return people.map((person) => {
    const { contact } = person.existing;
    const lostUser = lostUserOf(person, marks);
    if (!contact || lostUser === null) return person;
    const isTheirs = (found: FoundDeal) =>
      userIdOf(found.originId) === lostUser && found.originatorId === contact.originatorId;
    const isAdopted = (found: FoundDeal) =>
      found.originId === originId(person.userId) && found.originatorId === marks.own;
    const deal = oldest(
      deals.filter(
        (found) =>
          !isTemplate(found) &&
          lost.has(found.id) &&
          found.contactId === contact.id &&
          (isTheirs(found) || isAdopted(found)),
      ),
    );
    return deal ? { ...person, rowUncertain: true, existing: { ...person.existing, lost: deal } } : person;
  });
}

/**
 * The user for whom this installation created the contact that fits the person by e-mail and phone: another one, or, with
 * a former external id, one that had this person's number before the database lost it.
 */
function lostUserOf(person: KnownPerson, marks: Marks): number | null {
  const { contact, barred } = person.existing;
  if (person.dealId !== null || barred || !contact) return null;
  const userId = userIdOf(contact.originId);
  const isOther = userId !== person.userId || marks.former.includes(contact.originatorId);
  return isOther && isOwnMark(marks, contact.originatorId) && fitsByBoth(contact, person) ? userId : null;
}

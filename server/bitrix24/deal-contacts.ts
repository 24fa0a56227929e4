import { fittingContacts, type LinkedDeal } from "./made-for";
import { claimOf, type Marks } from "./marks";
import type { PortalContact, Sent } from "./match-contact";
import { userIdOf } from "./person";

interface Sought extends Sent {
  userId: number;
  contactId: number | null;
  dealId: number | null;
}

/**
 * The deals that may belong to one of these people, as the stored deal or by an external id, and have a main contact that
 * is not the person's: a manager may have made an accountant the main one, and the person's is among the others, which a
 * list does not tell. A stored deal with our own external id is the person's whatever its contacts are.
 */
export function dealsOfOtherContacts<T extends LinkedDeal & { id: number }>(
  marks: Marks,
  people: Sought[],
  { deals, contacts }: { deals: Iterable<T>; contacts: ReadonlyMap<number, PortalContact> },
): T[] {
  const byId = new Map(people.map((person) => [person.userId, person]));
  const byDeal = new Map(
    people.flatMap((person) => (person.dealId === null ? [] : [[person.dealId, person] as const])),
  );
  const isWanted = (deal: T, { userId, dealId }: Sought) =>
    dealId === deal.id
      ? claimOf(marks, deal, userId) !== "ours"
      : dealId === null && claimOf(marks, deal, userId) !== "foreign";
  return [...deals].filter((deal) => {
    const person = byDeal.get(deal.id) ?? byId.get(userIdOf(deal.originId) ?? 0);
    if (!person || deal.contactId === null || !isWanted(deal, person)) return false;
    return fittingContacts(deal, contacts, person).length === 0;
  });
}

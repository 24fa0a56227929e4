import { fittingContacts, type LinkedDeal } from "./made-for";
import { claimOf, type Marks } from "./marks";
import type { PortalContact } from "./match-contact";
import { userIdOf } from "./person";

interface Sought {
  userId: number;
  email: string;
  phone: string;
  contactId: number | null;
}

/**
 * The deals that have an external id of ours for one of these people and a main contact that is not the person's: a
 * manager may have made an accountant the main one, and the person's is among the others, which a list does not tell.
 */
export function dealsOfOtherContacts<T extends LinkedDeal>(
  marks: Marks,
  people: Sought[],
  { deals, contacts }: { deals: Iterable<T>; contacts: ReadonlyMap<number, PortalContact> },
): T[] {
  const byId = new Map(people.map((person) => [person.userId, person]));
  return [...deals].filter((deal) => {
    const person = byId.get(userIdOf(deal.originId) ?? 0);
    if (!person || deal.contactId === null || claimOf(marks, deal, person.userId) !== "ours") return false;
    return fittingContacts(deal, contacts, person).length === 0;
  });
}

import { readDealContacts } from "./deals";
import { readContacts } from "./look-up";
import type { LinkedDeal } from "./made-for";
import type { PortalContact } from "./match-contact";
import type { BatchRunner } from "./transport/batch-runner";

type Contacts = Map<number, PortalContact>;

/**
 * Reads the deals' contacts: of each deal the main one, and the others as well for those that `findUnfit` names once the
 * main ones are read. Throws Bitrix24Error.
 */
export async function linkContacts<T extends LinkedDeal & { id: number }>(
  batchRunner: BatchRunner,
  deals: T[],
  findUnfit: (contacts: Contacts) => { id: number }[],
): Promise<{ linked: (T & LinkedDeal)[]; contacts: Contacts }> {
  const contacts: Contacts = new Map();
  const read = async (ids: number[]) => {
    const unread = ids.filter((id) => !contacts.has(id));
    for (const contact of await readContacts(batchRunner, unread)) contacts.set(contact.id, contact);
  };
  await read(deals.flatMap((deal) => deal.contactId ?? []));
  const all = await readDealContacts(
    batchRunner,
    findUnfit(contacts).map(({ id }) => id),
  );
  await read([...all.values()].flat());
  return { linked: deals.map((deal) => ({ ...deal, contactIds: all.get(deal.id) })), contacts };
}

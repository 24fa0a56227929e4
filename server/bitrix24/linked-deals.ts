import { readEach } from "./deals";
import { dealType } from "./fields";
import { isUnread } from "./items";
import { readContacts } from "./look-up";
import type { LinkedDeal } from "./made-for";
import type { PortalContact } from "./match-contact";
import { contactIdsOf } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

type Contacts = Map<number, PortalContact>;

/**
 * Reads the deals' contacts: of each deal the main one, and the others as well for those that `findUnfit` names once the
 * main ones are read. `unread`: of those, the deals whose other contacts the portal does not return, with the error. Throws
 * Bitrix24Error.
 */
export async function linkContacts<T extends LinkedDeal & { id: number }>(
  batchRunner: BatchRunner,
  deals: T[],
  findUnfit: (contacts: Contacts) => { id: number }[],
): Promise<{ linked: (T & LinkedDeal)[]; contacts: Contacts; unread: Map<number, Bitrix24Error> }> {
  const contacts: Contacts = new Map();
  const read = async (ids: number[]) => {
    const missing = ids.filter((id) => !contacts.has(id));
    for (const contact of await readContacts(batchRunner, missing)) contacts.set(contact.id, contact);
  };
  await read(deals.flatMap((deal) => deal.contactId ?? []));
  const unfit = findUnfit(contacts).map(({ id }) => id);
  const all = new Map<number, number[]>();
  const unread = new Map<number, Bitrix24Error>();
  for (const [id, deal] of await readEach(batchRunner, dealType, unfit))
    if (isUnread(deal)) unread.set(id, deal);
    else if (!(deal instanceof Bitrix24Error)) all.set(id, contactIdsOf(deal));
  await read([...all.values()].flat());
  return { linked: deals.map((deal) => ({ ...deal, contactIds: all.get(deal.id) })), contacts, unread };
}

import type { World } from "../world";
import { communicationKey } from "./communications";
import { deleteContact, updateContact } from "./contacts";
import { deleteDeal, updateDeal } from "./deals";
import type { Contact, CrmRecord, Deal } from "./records";

/** Columns in which two objects that are to become one must not contradict each other. */
const decisive = {
  contact: ["name", "secondName", "lastName", "birthdate"],
  deal: ["categoryId", "stageId", "currencyId", "opportunity"],
};

/** Undefined if the objects contradict each other; else the ids that are gone. The oldest stays. */
export function mergeContacts(world: World, contacts: Contact[], by: number): number[] | undefined {
  const [master, ...others] = contacts.sort((left, right) => left.id - right.id);
  if (!master || conflict(contacts, decisive.contact)) return undefined;
  const known = new Set(master.fm.map(({ typeId, value }) => communicationKey(typeId, value)));
  const edits = others
    .flatMap(({ fm }) => fm)
    .flatMap(({ typeId, valueType, value }) => {
      const key = communicationKey(typeId, value);
      if (known.has(key)) return [];
      known.add(key);
      return [{ typeId, valueType, value }];
    });
  const gone = new Set(others.map(({ id }) => id));
  for (const deal of world.deals.byId.values()) {
    if (!deal.contactIds.some((id) => gone.has(id))) continue;
    const contactIds = [...new Set(deal.contactIds.map((id) => (gone.has(id) ? master.id : id)))];
    world.deals.update(deal, { contactIds, contactId: contactIds[0] ?? null });
  }
  updateContact(world, master, blanksFilled(master, others, decisive.contact), edits, by, true);
  for (const contact of others) deleteContact(world, contact);
  return [...gone];
}

export function mergeDeals(world: World, deals: Deal[], by: number): number[] | undefined {
  const [master, ...others] = deals.sort((left, right) => left.id - right.id);
  if (!master || conflict(deals, decisive.deal)) return undefined;
  updateDeal(world, master, { contactIds: deals.flatMap(({ contactIds }) => contactIds) }, by, true);
  for (const deal of others) deleteDeal(world, deal);
  return others.map(({ id }) => id);
}

function conflict(records: CrmRecord[], fields: string[]): boolean {
  return fields.some((field) => new Set(records.map((record) => record[field]).filter(Boolean)).size > 1);
}

function blanksFilled(master: CrmRecord, others: CrmRecord[], fields: string[]) {
  const blanks = fields.filter((field) => !master[field]);
  return Object.fromEntries(blanks.map((field) => [field, others.find((other) => other[field])?.[field] ?? null]));
}

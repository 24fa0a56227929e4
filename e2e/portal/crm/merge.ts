import type { World } from "../world";
import { communicationKey } from "./communications";
import { replaceContacts } from "./contact-links";
import { deleteContact, updateContact } from "./contacts";
import { deleteDeal, followRows, updateDeal } from "./deals";
import type { Contact, CrmRecord, Deal } from "./records";

/** Columns in which two objects that are to become one must not contradict each other. */
const decisive = {
  contact: ["name", "secondName", "lastName", "birthdate"],
  deal: ["categoryId", "stageId", "currencyId", "opportunity"],
};

/**
 * The first record remains and takes over what it lacks from the others. Undefined if they contradict each other,
 * unless that has been `settled` in its favour; else the ids of the deleted records. Deals change their contacts
 * without an event.
 */
export function mergeContacts(world: World, contacts: Contact[], by: number, settled = false): number[] | undefined {
  const [master, ...others] = contacts;
  if (!master || (!settled && conflict(contacts, decisive.contact))) return undefined;
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
  replaceContacts(world, gone, master.id);
  moveComments(world, "contact", gone, master.id);
  updateContact(world, master, filled(world, master, others, decisive.contact), edits, by, true);
  for (const contact of others) deleteContact(world, contact);
  return [...gone];
}

/** As contacts are merged. Rows are taken over only by a deal that has none. */
export function mergeDeals(world: World, deals: Deal[], by: number, settled = false): number[] | undefined {
  const [master, ...others] = deals;
  if (!master || (!settled && conflict(deals, decisive.deal))) return undefined;
  const rows = others.map(({ id }) => world.rows.get(id)).find((one) => one !== undefined);
  if (rows && !world.rows.has(master.id)) {
    const own = rows.map((row) => ({ ...row, ownerId: master.id }));
    world.rows.set(master.id, own);
    followRows(world, master, by);
  }
  const contactIds = deals.flatMap((deal) => deal.contactIds);
  moveComments(world, "deal", new Set(others.map(({ id }) => id)), master.id);
  updateDeal(world, master, { ...filled(world, master, others, []), contactIds }, by, true);
  for (const deal of others) deleteDeal(world, deal);
  return others.map(({ id }) => id);
}

/** Timeline comments of the deleted records are moved to the remaining one. */
function moveComments(world: World, entityType: string, gone: ReadonlySet<number>, to: number): void {
  for (const comment of world.comments.values()) {
    if (comment.entityType === entityType && gone.has(comment.entityId)) comment.entityId = to;
  }
}

function conflict(records: CrmRecord[], fields: string[]): boolean {
  return fields.some((field) => new Set(records.map((record) => record[field]).filter(Boolean)).size > 1);
}

/** Blank columns of what stays, with the first value that the others have for them. */
function filled(world: World, master: CrmRecord, others: CrmRecord[], fields: string[]) {
  const marks = world.settings.switches.mergedMarks === "filled" ? ["originatorId", "originId"] : [];
  const blanks = [...fields, ...marks].filter((field) => !master[field]);
  return Object.fromEntries(
    blanks.flatMap((field) => {
      const value = others.find((other) => other[field])?.[field];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

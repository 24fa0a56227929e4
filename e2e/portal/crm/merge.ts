import type { World } from "../world";
import { communicationKey } from "./communications";
import { deleteCompany, linkToCompany, updateCompany } from "./companies";
import { replaceContacts } from "./contact-links";
import { deleteContact, updateContact } from "./contacts";
import { deleteDeal, followRows, updateDeal } from "./deals";
import type { EntityName, FieldType } from "./fields";
import { deleteLead, updateLead } from "./leads";
import type { MultiFieldEdit } from "./multi-fields";
import { type Changes, type Company, type Contact, type CrmRecord, type Deal, type Lead, valuesOf } from "./records";
import { leavingOutUnknown } from "./unknown-values";

/** Columns in which objects that are to become one must not contradict each other. */
const decisive: Record<EntityName, string[]> = {
  lead: ["name", "secondName", "lastName", "birthdate", "companyTitle"],
  contact: ["name", "secondName", "lastName", "birthdate"],
  company: ["title"],
  deal: ["categoryId", "stageId", "currencyId", "opportunity"],
};

/**
 * The first record remains and takes over what it lacks from the others. Undefined if they contradict each other,
 * unless that has been `settled` in its favour; else the ids of the deleted records. Deals and leads change their contacts
 * without an event.
 */
export function mergeContacts(world: World, contacts: Contact[], by: number, settled = false): number[] | undefined {
  const [master, ...others] = contacts;
  if (!master || (!settled && conflict("contact", contacts))) return undefined;
  const gone = idsOf(others);
  replaceContacts(world, gone, master.id);
  moveComments(world, "contact", gone, master.id);
  const companyIds = contacts.flatMap((contact) => contact.companyIds);
  const changes = { ...filled(world, "contact", master, others), companyIds };
  leavingOutUnknown(world, () => updateContact(world, master, changes, furtherValues(master, others), by, true));
  for (const contact of others) deleteContact(world, contact);
  return [...gone];
}

/** As contacts are merged: who belongs to a company that goes belongs to the one that stays. */
export function mergeCompanies(world: World, companies: Company[], by: number): number[] | undefined {
  const [master, ...others] = companies;
  if (!master || conflict("company", companies)) return undefined;
  const gone = idsOf(others);
  linkToCompany(world, gone, master.id);
  moveComments(world, "company", gone, master.id);
  const changes = filled(world, "company", master, others);
  leavingOutUnknown(world, () => updateCompany(world, master, changes, furtherValues(master, others), by, true));
  for (const company of others) deleteCompany(world, company);
  return [...gone];
}

/** As contacts are merged, with the contacts of all. */
export function mergeLeads(world: World, leads: Lead[], by: number): number[] | undefined {
  const [master, ...others] = leads;
  if (!master || conflict("lead", leads)) return undefined;
  const gone = idsOf(others);
  moveComments(world, "lead", gone, master.id);
  const changes = { ...filled(world, "lead", master, others), contactIds: leads.flatMap((lead) => lead.contactIds) };
  leavingOutUnknown(world, () => updateLead(world, master, changes, furtherValues(master, others), by, true));
  for (const lead of others) deleteLead(world, lead);
  return [...gone];
}

/** As contacts are merged. Rows are taken over only by a deal that has none. */
export function mergeDeals(world: World, deals: Deal[], by: number, settled = false): number[] | undefined {
  const [master, ...others] = deals;
  if (!master || (!settled && conflict("deal", deals))) return undefined;
  const rows = others.map(({ id }) => world.rows.get(id)).find((one) => one !== undefined);
  if (rows && !world.rows.has(master.id)) {
    const own = rows.map((row) => ({ ...row, ownerId: master.id }));
    world.rows.set(master.id, own);
    followRows(world, master, by);
  }
  const contactIds = deals.flatMap((deal) => deal.contactIds);
  moveComments(world, "deal", idsOf(others), master.id);
  const changes = { ...filled(world, "deal", master, others), contactIds };
  leavingOutUnknown(world, () => updateDeal(world, master, changes, by, true));
  for (const deal of others) deleteDeal(world, deal);
  return others.map(({ id }) => id);
}

const idsOf = (records: CrmRecord[]): ReadonlySet<number> => new Set(records.map(({ id }) => id));

/** Phones, e-mails and the like of the others, each once, that what stays does not have in any spelling. */
function furtherValues(master: CrmRecord, others: CrmRecord[]): MultiFieldEdit[] {
  const known = new Set(valuesOf(master).map(({ typeId, value }) => communicationKey(typeId, value)));
  return others.flatMap(valuesOf).flatMap(({ typeId, valueType, value }) => {
    const key = communicationKey(typeId, value);
    if (known.has(key)) return [];
    known.add(key);
    return [{ typeId, valueType, value }];
  });
}

/** Timeline comments of the deleted records are moved to the remaining one. */
function moveComments(world: World, entityType: string, gone: ReadonlySet<number>, to: number): void {
  for (const comment of world.comments.values()) {
    if (comment.entityType === entityType && gone.has(comment.entityId)) comment.entityId = to;
  }
}

function conflict(entity: EntityName, records: CrmRecord[]): boolean {
  return decisive[entity].some((field) => new Set(records.map((record) => record[field]).filter(Boolean)).size > 1);
}

/** Amounts follow the rows, and flags are never blank. */
const neverFilled: readonly FieldType[] = ["money", "flag"];

/** Links of which a record has several; those of all are joined. */
const joined: Record<EntityName, string[]> = {
  lead: ["contactId", "contactIds"],
  contact: ["companyId", "companyIds"],
  company: [],
  deal: ["contactId", "contactIds"],
};

/** Blank columns of what stays, with the first value that the others have for them. */
function filled(world: World, entity: EntityName, master: CrmRecord, others: CrmRecord[]): Changes {
  const marks = ["originatorId", "originId"];
  const keepsMarks = world.settings.switches.mergedMarks === "own";
  const blanks = world.fields(entity).all.filter(({ name, type, readOnly, immutable }) => {
    if (readOnly || immutable || neverFilled.includes(type) || joined[entity].includes(name)) return false;
    return isBlank(master[name]) && !(keepsMarks && marks.includes(name));
  });
  return Object.fromEntries(
    blanks.flatMap(({ name }) => {
      const value = others.find((other) => !isBlank(other[name]))?.[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const isBlank = (value: CrmRecord[string] | undefined): boolean =>
  Array.isArray(value) ? value.length === 0 : value === undefined || value === null || value === "" || value === 0;

import type { World } from "../world";
import { communicationKey } from "./communications";
import { linkToCompany } from "./companies";
import { replaceContacts } from "./contact-links";
import { followRows } from "./deals";
import type { EntityName, FieldType } from "./fields";
import { kinds } from "./kinds";
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

/** What merging does with one kind of record in its own way. */
interface Merging<Stored extends CrmRecord = CrmRecord> {
  /** What stands beside the others, and belongs to the one that stays from now on. */
  handOver(world: World, master: Stored, others: Stored[], by: number): void;
  /** Links of which a record has several: those of all records. */
  links(records: Stored[]): Changes;
}

const lead: Merging<Lead> = {
  handOver: () => {},
  links: (leads) => ({ contactIds: leads.flatMap(({ contactIds }) => contactIds) }),
};

/** Deals and leads change their contacts without an event. */
const contact: Merging<Contact> = {
  handOver: (world, master, others) => replaceContacts(world, idsOf(others), master.id),
  links: (contacts) => ({ companyIds: contacts.flatMap(({ companyIds }) => companyIds) }),
};

/** Who belongs to a company that goes belongs to the one that stays. */
const company: Merging<Company> = {
  handOver: (world, master, others) => linkToCompany(world, idsOf(others), master.id),
  links: () => ({}),
};

/** Rows are taken over only by a deal that has none. */
const deal: Merging<Deal> = {
  handOver(world, master, others, by) {
    const rows = others.map(({ id }) => world.rows.get(id)).find((one) => one !== undefined);
    if (!rows || world.rows.has(master.id)) return;
    world.rows.set(
      master.id,
      rows.map((row) => ({ ...row, ownerId: master.id })),
    );
    followRows(world, master, by);
  },
  links: (deals) => ({ contactIds: deals.flatMap(({ contactIds }) => contactIds) }),
};

const mergings: Record<EntityName, Merging> = { lead, contact, company, deal };

/**
 * The first record remains and takes over what it lacks from the others. Undefined if they contradict each other,
 * unless that has been `settled` in its favour; else the ids of the deleted records.
 */
export function merge(
  world: World,
  entity: EntityName,
  records: CrmRecord[],
  { by, settled = false }: { by: number; settled?: boolean | undefined },
): number[] | undefined {
  const [master, ...others] = records;
  if (!master || (!settled && conflict(entity, records))) return undefined;
  const { handOver, links } = mergings[entity];
  const gone = idsOf(others);
  handOver(world, master, others, by);
  moveComments(world, entity, gone, master.id);
  const changes = { ...filled(world, entity, master, others), ...links(records) };
  const { update, remove } = kinds[entity];
  leavingOutUnknown(world, () => update(world, master, changes, furtherValues(master, others), by, true));
  for (const other of others) remove(world, other);
  return [...gone];
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

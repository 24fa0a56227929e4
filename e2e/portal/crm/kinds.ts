import type { World } from "../world";
import { addCompany, deleteCompany, updateCompany } from "./companies";
import { addContact, deleteContact, updateContact } from "./contacts";
import { addDeal, deleteDeal, updateDeal } from "./deals";
import type { EntityName } from "./fields";
import { addLead, deleteLead, updateLead } from "./leads";
import type { MultiFieldEdit } from "./multi-fields";
import {
  blankCompany,
  blankContact,
  blankDeal,
  blankLead,
  type Changes,
  type Company,
  type Contact,
  type CrmRecord,
  type Deal,
  firstSource,
  type Lead,
} from "./records";

/** What one kind of record does in its own way, for methods that treat all kinds alike. */
interface Kind<Stored extends CrmRecord = CrmRecord> {
  /** As `crm.item.*` counts them. */
  entityTypeId: number;
  /** What it is but for what the portal fills in. */
  blank: CrmRecord;
  /** Whether it has phones, e-mails and the like. */
  multiFields: boolean;
  add(world: World, changes: Changes, edits: MultiFieldEdit[], by: number, strict: boolean): Stored;
  /** Answers whether anything changed. */
  update(world: World, record: Stored, changes: Changes, edits: MultiFieldEdit[], by: number, strict: boolean): boolean;
  remove(world: World, record: Stored): void;
}

const lead: Kind<Lead> = {
  entityTypeId: 1,
  blank: blankLead,
  multiFields: true,
  add: addLead,
  update: updateLead,
  remove: deleteLead,
};

const deal: Kind<Deal> = {
  entityTypeId: 2,
  blank: blankDeal,
  multiFields: false,
  add: (world, changes, _edits, by, strict) => addDeal(world, changes, by, strict),
  update: (world, record, changes, _edits, by, strict) => updateDeal(world, record, changes, by, strict).changed,
  remove: deleteDeal,
};

const contact: Kind<Contact> = {
  entityTypeId: 3,
  blank: blankContact,
  multiFields: true,
  add: (world, changes, edits, by) => addContact(world, changes, edits, by),
  update: updateContact,
  remove: deleteContact,
};

const company: Kind<Company> = {
  entityTypeId: 4,
  blank: blankCompany,
  multiFields: true,
  add: (world, changes, edits, by) => addCompany(world, changes, edits, by),
  update: updateCompany,
  remove: deleteCompany,
};

export const kinds: Record<EntityName, Kind> = { lead, deal, contact, company };

/** A record of the kind before its maker has said anything about it. */
export function unsaid(world: World, entity: EntityName): CrmRecord {
  const { blank } = kinds[entity];
  return entity === "company" ? blank : { ...blank, ...firstSource(world) };
}

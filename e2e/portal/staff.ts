import { addCompany, deleteCompany, updateCompany } from "./crm/companies";
import { addContact, deleteContact, updateContact } from "./crm/contacts";
import { addDeal, deleteDeal, followRows, makeRecurring, updateDeal } from "./crm/deals";
import { addLead, deleteLead, updateLead } from "./crm/leads";
import { merge } from "./crm/merge";
import type { MultiFieldEdit, MultiFieldType } from "./crm/multi-fields";
import { replaceRows } from "./crm/product-rows";
import type { Changes, Company, Contact, Deal, Lead } from "./crm/records";
import { convertRows, swapProduct } from "./crm/sales";
import { stagesOf } from "./crm/stages";
import type { ValueMap } from "./protocol/values";
import type { World } from "./world";

/** The settings' first manager: what happens by hand carries this id, not the webhook owner's. */
const managerId = 2;

export interface Communications {
  phones?: string[];
  emails?: string[];
}

export interface Merging {
  /** Which one stays; absent: the oldest. */
  into?: number | undefined;
  /** The manager has decided every contradiction in favour of what stays. */
  settled?: boolean | undefined;
}

/** What the people of the portal do by hand. It fires the same events as the same acts over REST. */
export class Staff {
  readonly #world: World;
  readonly #by: number;

  constructor(world: World, by = managerId) {
    this.#world = world;
    this.#by = by;
  }

  addContact(fields: Changes, communications: Communications = {}): Contact {
    return addContact(this.#world, fields, editsOf(communications), this.#by);
  }

  /** Appends the communications to those the contact has. */
  updateContact(id: number, fields: Changes, communications: Communications = {}): void {
    updateContact(this.#world, this.#contact(id), fields, editsOf(communications), this.#by, true);
  }

  /** Takes a phone or an e-mail away, as it is written on the card. */
  removeCommunication(id: number, value: string): void {
    const contact = this.#contact(id);
    const edits = contact.fm.filter((one) => one.value === value).map((one) => ({ ...one, value: "" }));
    updateContact(this.#world, contact, {}, edits, this.#by, true);
  }

  deleteContact(id: number): void {
    deleteContact(this.#world, this.#contact(id));
  }

  /** Takes a contact out of the recycle bin: it has another id afterwards. @throws RangeError if it is not there */
  restoreContact(id: number): Contact {
    return this.#world.bin.restoreContact(id);
  }

  /** @throws RangeError if the contacts contradict each other and nobody has settled that */
  mergeContacts(ids: number[], merging: Merging = {}): void {
    const contacts = ordered(ids, merging).map((id) => this.#contact(id));
    const gone = merge(this.#world, "contact", contacts, { by: this.#by, settled: merging.settled });
    if (!gone) throw new RangeError("The contacts contradict each other");
  }

  addDeal(fields: Changes): Deal {
    return addDeal(this.#world, fields, this.#by, true);
  }

  updateDeal(id: number, fields: Changes): void {
    updateDeal(this.#world, this.#deal(id), fields, this.#by, true);
  }

  /** Within its funnel, or into another one's stage. */
  moveDeal(id: number, stageId: string): void {
    const { funnels } = this.#world.settings;
    const funnel = funnels.find((one) => stagesOf(funnels, one.id).some((stage) => stage.statusId === stageId));
    const there = funnel && funnel.id !== this.#deal(id).categoryId ? { categoryId: funnel.id } : {};
    this.updateDeal(id, { stageId, ...there });
  }

  /** @throws RangeError if the deals contradict each other and nobody has settled that */
  mergeDeals(ids: number[], merging: Merging = {}): void {
    const deals = ordered(ids, merging).map((id) => this.#deal(id));
    const gone = merge(this.#world, "deal", deals, { by: this.#by, settled: merging.settled });
    if (!gone) throw new RangeError("The deals contradict each other");
  }

  /** Rows as `crm.item.productrow.set` names them. */
  setRows(id: number, rows: ValueMap[]): void {
    const deal = this.#deal(id);
    replaceRows(this.#world, deal, rows);
    followRows(this.#world, deal, this.#by);
  }

  /** Sells something else instead, at its price in the catalogue or at the one given. */
  replaceProduct(id: number, from: number, to: number, price?: number): void {
    const deal = this.#deal(id);
    swapProduct(this.#world, deal, from, to, price);
    followRows(this.#world, deal, this.#by);
  }

  /** Prices and amount follow by the portal's rate, as they do on the deal's card. */
  changeCurrency(id: number, currency: string): void {
    const deal = this.#deal(id);
    const known = this.#world.settings.currencies.some(({ code }) => code === currency);
    if (!known) throw new RangeError(`The portal has no currency ${currency}`);
    const opportunity = convertRows(this.#world, deal, currency);
    updateDeal(this.#world, deal, { currencyId: currency, opportunity }, this.#by, true);
  }

  /** All contacts of the deal in their order; the first is the main one. */
  linkContacts(id: number, contactIds: number[]): void {
    for (const contactId of contactIds) this.#contact(contactId);
    this.updateDeal(id, { contactIds });
  }

  /** Makes a contact the deal's main one, whether or not it stood there before. */
  makeMain(id: number, contactId: number): void {
    const others = this.#deal(id).contactIds.filter((one) => one !== contactId);
    this.linkContacts(id, [contactId, ...others]);
  }

  addContactToDeal(id: number, contactId: number): void {
    this.linkContacts(id, [...this.#deal(id).contactIds, contactId]);
  }

  /** Hands a contact to another person. */
  assignContact(id: number, userId: number): void {
    this.updateContact(id, { assignedById: userId });
  }

  assignDeal(id: number, userId: number): void {
    this.updateDeal(id, { assignedById: userId });
  }

  /** The template, and the first deal that the portal makes from it; the deal itself stays as it is. */
  makeRecurring(id: number): { template: Deal; made: Deal } {
    return makeRecurring(this.#world, this.#deal(id), this.#by);
  }

  deleteDeal(id: number): void {
    deleteDeal(this.#world, this.#deal(id));
  }

  /** Takes a deal out of the recycle bin: it has another id afterwards. @throws RangeError if it is not there */
  restoreDeal(id: number): Deal {
    return this.#world.bin.restoreDeal(id);
  }

  addLead(fields: Changes, communications: Communications = {}): Lead {
    return addLead(this.#world, fields, editsOf(communications), this.#by, true);
  }

  /** Appends the communications to those the lead has. */
  updateLead(id: number, fields: Changes, communications: Communications = {}): void {
    updateLead(this.#world, this.#lead(id), fields, editsOf(communications), this.#by, true);
  }

  moveLead(id: number, stageId: string): void {
    this.updateLead(id, { stageId });
  }

  deleteLead(id: number): void {
    deleteLead(this.#world, this.#lead(id));
  }

  addCompany(fields: Changes, communications: Communications = {}): Company {
    return addCompany(this.#world, fields, editsOf(communications), this.#by);
  }

  /** Appends the communications to those the company has. */
  updateCompany(id: number, fields: Changes, communications: Communications = {}): void {
    updateCompany(this.#world, this.#company(id), fields, editsOf(communications), this.#by, true);
  }

  deleteCompany(id: number): void {
    deleteCompany(this.#world, this.#company(id));
  }

  #company(id: number): Company {
    const company = this.#world.companies.byId.get(id);
    if (!company) throw new RangeError(`The portal has no company ${id}`);
    return company;
  }

  #lead(id: number): Lead {
    const lead = this.#world.leads.byId.get(id);
    if (!lead) throw new RangeError(`The portal has no lead ${id}`);
    return lead;
  }

  #contact(id: number): Contact {
    const contact = this.#world.contacts.byId.get(id);
    if (!contact) throw new RangeError(`The portal has no contact ${id}`);
    return contact;
  }

  #deal(id: number): Deal {
    const deal = this.#world.deals.byId.get(id);
    if (!deal) throw new RangeError(`The portal has no deal ${id}`);
    return deal;
  }
}

/** What stays comes first. */
function ordered(ids: number[], { into }: Merging): number[] {
  const ascending = [...new Set(ids)].sort((left, right) => left - right);
  if (into === undefined) return ascending;
  return [into, ...ascending.filter((id) => id !== into)];
}

function editsOf({ phones = [], emails = [] }: Communications): MultiFieldEdit[] {
  const edit = (typeId: MultiFieldType) => (value: string) => ({ typeId, valueType: "WORK", value });
  return [...phones.map(edit("PHONE")), ...emails.map(edit("EMAIL"))];
}

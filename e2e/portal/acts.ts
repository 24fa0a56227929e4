import { readAct, type Takes } from "./act-input";
import type { EntityName } from "./crm/fields";
import type { Changes } from "./crm/records";
import { InvalidFieldError } from "./crm/unknown-values";
import { addCustomers, type Installation } from "./installations";
import { requireKind } from "./members";
import type { Portal } from "./portal";
import type { ValueMap } from "./protocol/values";
import type { Communications, Merging, Staff } from "./staff";

/** The parameters of an act, from a program or a form; the act decides which are used. */
export interface ActRequest extends Communications, Merging, Installation {
  act: string;
  /** The acting user; absent: the portal's first manager. */
  by?: number;
  id: number;
  ids: number[];
  stageId: string;
  fields: Changes;
  rows: ValueMap[];
  from: number;
  to: number;
  price?: number;
  currency: string;
  contactId: number;
  contactIds: number[];
  userId: number;
  value: string;
  domain: string;
  origin: string;
  customers: number;
}

interface Act extends Takes {
  run(staff: Staff, request: ActRequest, portal: Portal): unknown;
}

/** What describes a record that has phones and e-mails. */
const described = (of: EntityName) => ({ may: ["fields", "phones", "emails"], of }) as const;
const merging = { needs: ["ids"], may: ["into", "settled"] } as const;
const one = { needs: ["id"] } as const;

/** The names are those of `Staff`, the last four those of `Portal`. */
const acts: Record<string, Act> = {
  addContact: { ...described("contact"), run: (staff, { fields = {}, ...rest }) => staff.addContact(fields, rest) },
  updateContact: {
    ...one,
    ...described("contact"),
    run: (staff, { id, fields = {}, ...rest }) => staff.updateContact(id, fields, rest),
  },
  removeCommunication: { needs: ["id", "value"], run: (staff, { id, value }) => staff.removeCommunication(id, value) },
  deleteContact: { ...one, run: (staff, { id }) => staff.deleteContact(id) },
  restoreContact: { ...one, run: (staff, { id }) => staff.restoreContact(id) },
  mergeContacts: { ...merging, run: (staff, { ids, ...rest }) => staff.mergeContacts(ids, rest) },
  assignContact: { needs: ["id", "userId"], run: (staff, { id, userId }) => staff.assignContact(id, userId) },
  addDeal: { may: ["fields"], of: "deal", run: (staff, { fields = {} }) => staff.addDeal(fields) },
  updateDeal: { needs: ["id", "fields"], of: "deal", run: (staff, { id, fields }) => staff.updateDeal(id, fields) },
  moveDeal: { needs: ["id", "stageId"], run: (staff, { id, stageId }) => staff.moveDeal(id, stageId) },
  mergeDeals: { ...merging, run: (staff, { ids, ...rest }) => staff.mergeDeals(ids, rest) },
  setRows: { needs: ["id", "rows"], run: (staff, { id, rows }) => staff.setRows(id, rows) },
  replaceProduct: {
    needs: ["id", "from", "to"],
    may: ["price"],
    run: (staff, { id, from, to, price }) => staff.replaceProduct(id, from, to, price),
  },
  changeCurrency: { needs: ["id", "currency"], run: (staff, { id, currency }) => staff.changeCurrency(id, currency) },
  linkContacts: {
    ...one,
    may: ["contactIds"],
    run: (staff, { id, contactIds = [] }) => staff.linkContacts(id, contactIds),
  },
  makeMain: { needs: ["id", "contactId"], run: (staff, { id, contactId }) => staff.makeMain(id, contactId) },
  addContactToDeal: {
    needs: ["id", "contactId"],
    run: (staff, { id, contactId }) => staff.addContactToDeal(id, contactId),
  },
  assignDeal: { needs: ["id", "userId"], run: (staff, { id, userId }) => staff.assignDeal(id, userId) },
  makeRecurring: { ...one, run: (staff, { id }) => staff.makeRecurring(id) },
  deleteDeal: { ...one, run: (staff, { id }) => staff.deleteDeal(id) },
  restoreDeal: { ...one, run: (staff, { id }) => staff.restoreDeal(id) },
  addLead: { ...described("lead"), run: (staff, { fields = {}, ...rest }) => staff.addLead(fields, rest) },
  updateLead: {
    ...one,
    ...described("lead"),
    run: (staff, { id, fields = {}, ...rest }) => staff.updateLead(id, fields, rest),
  },
  moveLead: { needs: ["id", "stageId"], run: (staff, { id, stageId }) => staff.moveLead(id, stageId) },
  deleteLead: { ...one, run: (staff, { id }) => staff.deleteLead(id) },
  addCompany: { ...described("company"), run: (staff, { fields = {}, ...rest }) => staff.addCompany(fields, rest) },
  updateCompany: {
    ...one,
    ...described("company"),
    run: (staff, { id, fields = {}, ...rest }) => staff.updateCompany(id, fields, rest),
  },
  deleteCompany: { ...one, run: (staff, { id }) => staff.deleteCompany(id) },
  addInstallation: {
    may: ["originatorId", "count", "first", "productId", "stageId"],
    run: (_staff, request, portal) => portal.addInstallation(request),
  },
  addCustomers: { may: ["count"], run: (_staff, { count }, portal) => addCustomers(portal, count) },
  rename: {
    needs: ["domain"],
    may: ["origin"],
    run: (_staff, { domain, origin }, portal) => portal.rename(domain, origin),
  },
  becomeAnother: { may: ["domain", "customers"], run: (_staff, request, portal) => portal.becomeAnother(request) },
};

/** Carries out an act of a manager, or a change to the portal as a whole. @throws Error in words for the sender */
export function act(portal: Portal, request: ActRequest): unknown {
  requireKind("An act", request, "an object");
  const found = Object.hasOwn(acts, request.act) ? acts[request.act] : undefined;
  if (!found) throw new RangeError("Unknown act");
  const read = readAct(request, found, portal.settings);
  try {
    return found.run(portal.staffAs(read.by), read, portal);
  } catch (error) {
    if (!(error instanceof InvalidFieldError)) throw error;
    throw new RangeError(`The portal refuses the value of ${error.field}`);
  }
}

import type { Changes } from "./crm/records";
import { addCustomers, type Installation } from "./installations";
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

type Act = (staff: Staff, request: ActRequest) => unknown;

/** The names are those of `Staff`. */
const acts: Record<string, Act> = {
  addContact: (staff, { fields, ...request }) => staff.addContact(fields, request),
  updateContact: (staff, { id, fields, ...request }) => staff.updateContact(id, fields ?? {}, request),
  removeCommunication: (staff, { id, value }) => staff.removeCommunication(id, value),
  deleteContact: (staff, { id }) => staff.deleteContact(id),
  restoreContact: (staff, { id }) => staff.restoreContact(id),
  mergeContacts: (staff, { ids, ...merging }) => staff.mergeContacts(ids, merging),
  assignContact: (staff, { id, userId }) => staff.assignContact(id, userId),
  addDeal: (staff, { fields }) => staff.addDeal(fields),
  updateDeal: (staff, { id, fields }) => staff.updateDeal(id, fields),
  moveDeal: (staff, { id, stageId }) => staff.moveDeal(id, stageId),
  mergeDeals: (staff, { ids, ...merging }) => staff.mergeDeals(ids, merging),
  setRows: (staff, { id, rows }) => staff.setRows(id, rows),
  replaceProduct: (staff, { id, from, to, price }) => staff.replaceProduct(id, from, to, price),
  changeCurrency: (staff, { id, currency }) => staff.changeCurrency(id, currency),
  linkContacts: (staff, { id, contactIds = [] }) => staff.linkContacts(id, contactIds),
  makeMain: (staff, { id, contactId }) => staff.makeMain(id, contactId),
  addContactToDeal: (staff, { id, contactId }) => staff.addContactToDeal(id, contactId),
  assignDeal: (staff, { id, userId }) => staff.assignDeal(id, userId),
  makeRecurring: (staff, { id }) => staff.makeRecurring(id),
  deleteDeal: (staff, { id }) => staff.deleteDeal(id),
  restoreDeal: (staff, { id }) => staff.restoreDeal(id),
  addLead: (staff, { fields, ...request }) => staff.addLead(fields, request),
  updateLead: (staff, { id, fields, ...request }) => staff.updateLead(id, fields ?? {}, request),
  moveLead: (staff, { id, stageId }) => staff.moveLead(id, stageId),
  addCompany: (staff, { fields, ...request }) => staff.addCompany(fields, request),
  updateCompany: (staff, { id, fields, ...request }) => staff.updateCompany(id, fields ?? {}, request),
  deleteCompany: (staff, { id }) => staff.deleteCompany(id),
  deleteLead: (staff, { id }) => staff.deleteLead(id),
};

/** Carries out an act of a manager, or a change to the portal as a whole. */
export function act(portal: Portal, request: ActRequest): unknown {
  switch (request.act) {
    case "addInstallation":
      return portal.addInstallation(request);
    case "addCustomers":
      return addCustomers(portal, request.count);
    case "rename":
      return portal.rename(request.domain, request.origin);
    case "becomeAnother":
      return portal.becomeAnother(request);
  }
  const perform = Object.hasOwn(acts, request.act) ? acts[request.act] : undefined;
  if (!perform) throw new RangeError("Unknown act");
  return perform(portal.staffAs(request.by), request);
}

import type { World } from "../world";
import type { MultiField } from "./multi-fields";

export type FieldValue = string | number | number[] | string[] | MultiField[] | null;

/** What every stored object has: its columns by their camelCase names, user fields included. */
export interface CrmRecord {
  id: number;
  originId: string;
  originatorId: string;
  [field: string]: FieldValue;
}

const blankCommon = {
  id: 0,
  createdTime: 0,
  updatedTime: 0,
  lastActivityTime: 0,
  createdBy: 0,
  updatedBy: 0,
  lastActivityBy: 0,
  assignedById: 0,
  opened: "Y",
  comments: "",
  originatorId: "",
  originId: "",
  utmSource: "",
  utmMedium: "",
  utmCampaign: "",
  utmContent: "",
  utmTerm: "",
};

/** Of all but companies. The source of a new one is `firstSource`. */
const blankOrigin = { companyId: null as number | null, sourceId: "", sourceDescription: "" };

/** Of those that have phones, e-mails and the like, in the order they were given. */
const blankCommunications = { hasPhone: "N", hasEmail: "N", hasImol: "N", fm: [] as MultiField[] };

const blankAddress = {
  address: "",
  address2: "",
  addressCity: "",
  addressPostalCode: "",
  addressRegion: "",
  addressProvince: "",
  addressCountry: "",
  addressCountryCode: "",
};

export const blankContact = {
  ...blankCommon,
  ...blankOrigin,
  ...blankCommunications,
  /** The primary one, `companyId`, is always the first. */
  companyIds: [] as number[],
  leadId: null as number | null,
  typeId: "CLIENT",
  /** 0: a customer; others are of inventory management, such as suppliers. */
  categoryId: 0,
  honorific: "",
  name: "",
  secondName: "",
  lastName: "",
  post: "",
  originVersion: "",
  birthdate: "",
  export: "Y",
};

export const blankDeal = {
  ...blankCommon,
  ...blankOrigin,
  leadId: null as number | null,
  typeId: "SALE",
  title: "",
  categoryId: 0,
  stageId: "",
  stageSemanticId: "P",
  currencyId: "",
  opportunity: 0,
  isManualOpportunity: "N",
  taxValue: 0,
  probability: null as number | null,
  additionalInfo: "",
  locationId: "",
  orderStage: "",
  isNew: "Y",
  isRecurring: "N",
  isReturnCustomer: "N",
  isRepeatedApproach: "N",
  closed: "N",
  quoteId: null as number | null,
  begindate: "",
  closedate: "",
  movedTime: 0,
  movedBy: 0,
  /** The primary contact, always the first of `contactIds`. */
  contactId: null as number | null,
  contactIds: [] as number[],
  observers: [] as number[],
};

/** A person of whom little is known yet, and what they may want: a contact and a deal in one. */
export const blankLead = {
  ...blankCommon,
  ...blankOrigin,
  ...blankCommunications,
  ...blankAddress,
  title: "",
  honorific: "",
  name: "",
  secondName: "",
  lastName: "",
  birthdate: "",
  post: "",
  companyTitle: "",
  stageId: "",
  stageSemanticId: "P",
  statusDescription: "",
  currencyId: "",
  opportunity: 0,
  isManualOpportunity: "N",
  isReturnCustomer: "N",
  dateClosed: null as number | null,
  movedTime: 0,
  movedBy: 0,
  contactId: null as number | null,
  contactIds: [] as number[],
  observers: [] as number[],
};

export const blankCompany = {
  ...blankCommon,
  ...blankCommunications,
  ...blankAddress,
  leadId: null as number | null,
  title: "",
  typeId: "CUSTOMER",
  industry: "IT",
  employees: "EMPLOYEES_1",
  currencyId: "",
  revenue: 0,
  bankingDetails: "",
  isMyCompany: "N",
  addressLegal: "",
  regAddress: "",
  regAddress2: "",
  regAddressCity: "",
  regAddressPostalCode: "",
  regAddressRegion: "",
  regAddressProvince: "",
  regAddressCountry: "",
  regAddressCountryCode: "",
  originVersion: "",
};

export type Contact = CrmRecord & typeof blankContact;
export type Deal = CrmRecord & typeof blankDeal;
export type Lead = CrmRecord & typeof blankLead;
export type Company = CrmRecord & typeof blankCompany;

export type Changes = Record<string, FieldValue>;

/** Where a new record comes from unless it says so itself; not of companies. */
export const firstSource = ({ settings }: World) => ({ sourceId: settings.sources[0]?.id ?? "" });

/** The phones, e-mails and the like of a record; not every kind has them. */
export function valuesOf({ fm }: CrmRecord): MultiField[] {
  return Array.isArray(fm) ? (fm as MultiField[]) : [];
}

/** The names of what would really change; none means the portal's `crm.item.update` saves nothing. */
export function changedFields(record: CrmRecord, changes: Changes): string[] {
  return Object.keys(changes).filter((name) => !equal(record[name] ?? null, changes[name] ?? null));
}

function equal(left: FieldValue, right: FieldValue): boolean {
  if (Array.isArray(left) || Array.isArray(right)) return JSON.stringify(left) === JSON.stringify(right);
  return left === right || ((left === null || left === "") && (right === null || right === ""));
}

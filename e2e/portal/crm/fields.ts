import type { UserField, UserFieldType } from "../administration";
import type { Language } from "../text";
import { titleOf } from "./titles";

export type FieldType =
  | "integer"
  | "reference"
  | "double"
  | "money"
  | "string"
  | "text"
  | "flag"
  | "date"
  | "datetime"
  | "ids"
  | "texts";

/** One column of a kind of record: its name in both API families and how it is stored and written. */
export interface Field {
  /** `crm.item.*` (and our records). */
  name: string;
  /** `crm.contact.*`, `crm.deal.*`, `crm.lead.*`, `crm.company.*`. */
  upper: string;
  type: FieldType;
  readOnly: boolean;
  /** Set once, at creation. */
  immutable: boolean;
  /** Unknown to `crm.item.*`. */
  older: boolean;
  /** What its title is found by. */
  title: string;
  /** Of a field that the portal's administrator made. */
  own?: UserField;
}

export const entityNames = ["lead", "deal", "contact", "company"] as const;
export type EntityName = (typeof entityNames)[number];

/** Column names that do not follow from their camelCase form. */
const upperNames: Record<string, string> = {
  createdTime: "DATE_CREATE",
  updatedTime: "DATE_MODIFY",
  createdBy: "CREATED_BY_ID",
  updatedBy: "MODIFY_BY_ID",
  movedBy: "MOVED_BY_ID",
  address2: "ADDRESS_2",
  regAddress2: "REG_ADDRESS_2",
};

type Mark = "readOnly" | "immutable" | "older";

function fields(type: FieldType, names: string, mark?: Mark): Field[] {
  return names.split(" ").map((name) => ({
    name,
    upper: upperNames[name] ?? name.replace(/[A-Z]/g, "_$&").toUpperCase(),
    type,
    readOnly: mark === "readOnly",
    immutable: mark === "immutable",
    older: mark === "older",
    title: name,
  }));
}

const common = [
  ...fields("integer", "id", "readOnly"),
  ...fields("datetime", "createdTime updatedTime lastActivityTime", "readOnly"),
  ...fields("integer", "createdBy updatedBy lastActivityBy", "readOnly"),
  ...fields("integer", "assignedById"),
  ...fields("reference", "companyId"),
  ...fields("integer", "leadId", "readOnly"),
  ...fields("flag", "opened"),
  ...fields("text", "comments sourceDescription"),
  ...fields("string", "typeId sourceId originatorId originId"),
  ...fields("string", "utmSource utmMedium utmCampaign utmContent utmTerm"),
];

const contactFields = [
  ...common,
  ...fields("string", "honorific name secondName lastName post originVersion"),
  ...fields("integer", "categoryId", "immutable"),
  ...fields("date", "birthdate"),
  ...fields("flag", "export"),
  ...fields("flag", "hasPhone hasEmail hasImol", "readOnly"),
  ...fields("ids", "companyIds"),
];

const dealFields = [
  ...common,
  ...fields("string", "title stageId currencyId additionalInfo locationId"),
  ...fields("integer", "categoryId", "immutable"),
  ...fields("string", "stageSemanticId orderStage", "readOnly"),
  ...fields("flag", "isNew", "readOnly"),
  ...fields("flag", "isReturnCustomer isRepeatedApproach isRecurring isManualOpportunity closed"),
  ...fields("integer", "probability"),
  ...fields("money", "opportunity taxValue"),
  ...fields("reference", "contactId"),
  ...fields("ids", "contactIds observers"),
  ...fields("integer", "quoteId", "readOnly"),
  ...fields("date", "begindate closedate"),
  ...fields("datetime", "movedTime", "readOnly"),
  ...fields("integer", "movedBy", "readOnly"),
];

const olderAddress = [
  ...fields("string", "address2 addressCity addressPostalCode addressRegion addressProvince", "older"),
  ...fields("string", "addressCountry addressCountryCode", "older"),
];

/** What the older family calls a lead's columns where it differs from all others. */
const leadNames: Record<string, string> = { stageId: "STATUS_ID", stageSemanticId: "STATUS_SEMANTIC_ID" };

const leadFields = [
  ...common.filter(({ name }) => name !== "leadId" && name !== "typeId"),
  ...fields("string", "title honorific name secondName lastName post companyTitle address stageId currencyId"),
  ...olderAddress,
  ...fields("string", "stageSemanticId", "readOnly"),
  ...fields("text", "statusDescription"),
  ...fields("date", "birthdate"),
  ...fields("flag", "isManualOpportunity"),
  ...fields("flag", "isReturnCustomer hasPhone hasEmail hasImol", "readOnly"),
  ...fields("money", "opportunity"),
  ...fields("reference", "contactId"),
  ...fields("ids", "contactIds observers"),
  ...fields("datetime", "dateClosed movedTime", "readOnly"),
  ...fields("integer", "movedBy", "readOnly"),
].map((field) => ({ ...field, upper: leadNames[field.name] ?? field.upper, title: `lead.${field.name}` }));

/** Companies have no source and no company above them. */
const companyFields = [
  ...common.filter(({ name }) => !["companyId", "sourceId", "sourceDescription"].includes(name)),
  ...fields("string", "title industry employees currencyId bankingDetails originVersion address addressLegal"),
  ...olderAddress,
  ...fields("string", "regAddress regAddress2 regAddressCity regAddressPostalCode", "older"),
  ...fields("string", "regAddressRegion regAddressProvince", "older"),
  ...fields("string", "regAddressCountry regAddressCountryCode", "older"),
  ...fields("double", "revenue"),
  ...fields("flag", "isMyCompany"),
  ...fields("flag", "hasPhone hasEmail hasImol", "readOnly"),
].map((field) => ({
  ...field,
  upper: field.name === "typeId" ? "COMPANY_TYPE" : field.upper,
  title: `company.${field.name}`,
}));

const ownColumns: Record<EntityName, Field[]> = {
  lead: leadFields,
  deal: dealFields,
  contact: contactFields,
  company: companyFields,
};

/** How the columns of user fields are stored; several values at once are a list of numbers or of texts. */
const storedAs: Record<UserFieldType, FieldType> = {
  string: "string",
  integer: "integer",
  double: "double",
  boolean: "flag",
  date: "date",
  datetime: "datetime",
  enumeration: "integer",
  money: "string",
  url: "string",
  address: "string",
  employee: "integer",
  crm: "string",
};

function userField(own: UserField): Field {
  const single = storedAs[own.type];
  const type = own.multiple ? (single === "integer" ? "ids" : "texts") : single;
  const name = userFieldName(own.name);
  return { name, upper: own.name, type, readOnly: false, immutable: false, older: false, title: name, own };
}

/** How a caller of `crm.item.*` wants user fields named: `ufCrmInn`, or as they were made, `UF_CRM_INN`. */
export type UserFieldNames = "camelCase" | "original";

/** What `crm.item.*` calls the field. */
export const universalName = ({ name, upper, own }: Field, names: UserFieldNames): string =>
  own && names === "original" ? upper : name;

/** The columns of one kind of object, found by the names of either family. */
export class FieldTable {
  readonly all: Field[];
  /** Those that `crm.item.*` has. */
  readonly newer: Field[];
  readonly #byName: Map<string, Field>;
  readonly #byOriginal: Map<string, Field>;
  readonly #byUpper: Map<string, Field>;

  constructor(entity: EntityName, userFields: Record<EntityName, UserField[]>) {
    this.all = [...ownColumns[entity], ...userFields[entity].map(userField)];
    this.newer = this.all.filter(({ older }) => !older);
    this.#byName = new Map(this.newer.map((field) => [field.name, field]));
    this.#byOriginal = new Map(this.newer.map((field) => [universalName(field, "original"), field]));
    this.#byUpper = new Map(this.all.map((field) => [field.upper, field]));
  }

  named(name: string, names: UserFieldNames = "camelCase"): Field | undefined {
    return (names === "original" ? this.#byOriginal : this.#byName).get(name);
  }

  upper(name: string): Field | undefined {
    return this.#byUpper.get(name);
  }
}

/** What people call the field, and so does the portal in its errors. */
export function fieldTitle({ title, own }: Field, language: Language): string {
  return own ? (own.title ?? own.name) : titleOf(title, language);
}

/** The portal's own rule for user fields in `crm.item.*`: segments that mix letters and digits keep the whole name. */
export function userFieldName(upper: string): string {
  const segments = upper.replace(/^UF_CRM_/, "").split("_");
  if (segments.some((segment) => /\d/.test(segment) && /\D/.test(segment))) return `ufCrm_${segments.join("_")}`;
  const last = segments.length - 1;
  const camel = segments.map((segment, index) => {
    if (/^\d+$/.test(segment)) return index === last ? `_${segment}` : segment;
    return segment.charAt(0) + segment.slice(1).toLowerCase();
  });
  return `ufCrm${camel.join("")}`;
}

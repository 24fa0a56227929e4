import type { EntityName } from "./crm/fields";
import type { Changes } from "./crm/records";
import type { ValueMap } from "./protocol/values";
import type { Rights } from "./rights";

/** What the portal's administrator has set up: who works there, what is sold, and in which funnels. */

export interface Webhook {
  userId: number;
  secret: string;
  scopes: string[];
}

export interface PortalUser {
  id: number;
  name: string;
  lastName: string;
  email: string;
  active: boolean;
  admin: boolean;
  /** Day of registration, as 2024-01-15; that of the first user is the portal's own. */
  registered?: string;
  /** Absent: everybody is of department 1. */
  department?: number;
  /** Absent: everything is allowed, as it always is to administrators. */
  rights?: Rights;
}

export interface Product {
  id: number;
  name: string;
  price: number;
  currency: string;
  active: boolean;
  /** Absent: simple. A parent is sold by its variations only, and has no price. */
  kind?: "simple" | "parent" | "variation" | "service";
  /** Of a variation: the product it belongs to. */
  parentId?: number;
  /** Prices of several types; absent: `price`, of the base type. */
  prices?: Price[];
  /** The webhook's owner has no right to it. */
  unreadable?: boolean;
  /** Which rate of VAT its price takes, 1 (none) or 2 (20 %); absent: none is set. */
  vatId?: number;
  vatIncluded?: boolean;
}

export interface Price {
  /** Id of the price type. */
  type: number;
  price: number;
  currency: string;
  /** Of how many units it is the price; absent: of any number. */
  from?: number;
  to?: number;
}

export interface PriceType {
  id: number;
  name: string;
  base?: boolean;
}

export interface Currency {
  code: string;
  /** How much of the base currency one unit is worth. */
  rate: number;
  base?: boolean;
}

export interface Funnel {
  id: number;
  name: string;
  /** Absent: the stages of a new portal. Ids are those of funnel 0; in other funnels the portal puts `C1:` before them. */
  stages?: FunnelStage[];
}

export interface FunnelStage {
  id: string;
  name: string;
  /** Process, success or failure. */
  semantics: "P" | "S" | "F";
}

export interface ListEntry {
  id: string;
  name: string;
}

export const userFieldTypes = [
  ...["string", "integer", "double", "boolean", "date", "datetime"],
  ...["enumeration", "money", "url", "address", "employee", "crm"],
] as const;

export type UserFieldType = (typeof userFieldTypes)[number];

export interface UserField {
  /** `UF_CRM_…`, as the portal's administrator named it. */
  name: string;
  type: UserFieldType;
  /** What people read beside the field; absent: the name. */
  title?: string;
  required?: boolean;
  multiple?: boolean;
  /** Of an enumeration: what can be chosen. */
  items?: { id: number; value: string }[];
}

/** Changes what has just been made or changed, by the portal's own rules. */
export interface Robot {
  on: EntityName;
  /** Absent: what is made. A robot's own changes start no robots. */
  when?: "made" | "changed";
  /** Fields by their camelCase names: `stageId`, `currencyId`, `assignedById`… */
  set: Changes;
  /** Product rows that it puts on a deal beside those that are there, as `crm.item.productrow.set` names them. */
  rows?: ValueMap[];
  /** Absent: within the request that makes the record. */
  afterMs?: number;
  /** In whose name; absent: the maker's. */
  by?: number;
}

export const defaultSecret = "standinportalkey";

/** A small portal as it is after its first day. */
export function newPortal() {
  const webhooks: Webhook[] = [
    { userId: 1, secret: defaultSecret, scopes: ["crm", "catalog", "user", "user_brief", "user_basic", "im"] },
  ];
  const users: PortalUser[] = [
    { id: 1, name: "Vera", lastName: "Owner", email: "vera@portal.example", active: true, admin: true },
    { id: 2, name: "Maxim", lastName: "Manager", email: "maxim@portal.example", active: true, admin: false },
    { id: 3, name: "Nina", lastName: "Manager", email: "nina@portal.example", active: true, admin: false },
    { id: 4, name: "Fyodor", lastName: "Former", email: "fyodor@portal.example", active: false, admin: false },
  ];
  const products: Product[] = [{ id: 1777, name: "Online course", price: 49, currency: "USD", active: true }];
  const currencies: Currency[] = [
    { code: "RUB", rate: 1, base: true },
    { code: "USD", rate: 90 },
    { code: "EUR", rate: 100 },
  ];
  const funnels: Funnel[] = [
    { id: 0, name: "General" },
    { id: 1, name: "Partners" },
  ];
  const leadStages: FunnelStage[] = [
    { id: "NEW", name: "Unassigned", semantics: "P" },
    { id: "IN_PROCESS", name: "In progress", semantics: "P" },
    { id: "PROCESSED", name: "Processed", semantics: "P" },
    { id: "CONVERTED", name: "Good lead", semantics: "S" },
    { id: "JUNK", name: "Junk lead", semantics: "F" },
  ];
  const sources: ListEntry[] = [
    { id: "CALL", name: "Call" },
    { id: "EMAIL", name: "E-Mail" },
    { id: "WEB", name: "Website" },
    { id: "ADVERTISING", name: "Advertising" },
    { id: "OTHER", name: "Other" },
  ];
  const priceTypes: PriceType[] = [{ id: 1, name: "BASE", base: true }];
  return { webhooks, users, products, priceTypes, currencies, funnels, leadStages, sources };
}

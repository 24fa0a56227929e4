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
}

export interface Product {
  id: number;
  name: string;
  price: number;
  currency: string;
  active: boolean;
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
}

export interface UserField {
  /** `UF_CRM_…`, as the portal's administrator named it. */
  name: string;
  type: "string" | "integer" | "double" | "boolean";
}

/** An outgoing webhook of the portal. Everything that may go wrong with its events is a number here. */
export interface EventSettings {
  /** Where events are posted; empty: the portal has no outgoing webhook. */
  url: string;
  token: string;
  names: string[];
  delayMs: number;
  /** Up to this much is added to each delay, by chance, so that events overtake each other. */
  shuffleMs: number;
  doubled: number;
  lost: number;
}

/** Where public sources disagree about the real portal, both sides can be had. */
interface Switches {
  /** Statuses of system errors: of today's documentation, or those before 2026. */
  statuses: "current" | "before2026";
  portalDeletedStatus: 403 | 410 | 500;
  duplicateErrors: "emptyCode" | "textAsCode";
  /** Codes such as 0 and 100: numbers in recorded answers, digits in a string in the documentation. */
  numericCodes: "number" | "string";
  /** Which method pays for a batch under the operating limit. */
  batchCharge: "commands" | "batch";
  totalWithoutCount: "absent" | "zero";
  recomputeOpportunity: boolean;
  appInfo: "refused" | "answered";
  atomDateFilters: boolean;
  /** Members of `time` that not every portal sends. */
  operating: "full" | "withoutReset" | "absent";
}

export interface Settings {
  seed: number;
  domain: string;
  language: "en" | "ru";
  utcOffsetMinutes: number;
  webhooks: Webhook[];
  users: PortalUser[];
  products: Product[];
  currencies: Currency[];
  funnels: Funnel[];
  userFields: { contact: UserField[]; deal: UserField[] };
  /** Fields (camelCase) that the portal's administrator made mandatory. */
  required: { contact: string[]; deal: string[] };
  limits: {
    /** Requests that may come at once from one address; 0 switches the limit off. */
    bucket: number;
    perSecond: number;
    /** Execution seconds per webhook and method in ten minutes; 0 switches the limit off. */
    operatingSeconds: number;
    /** A request that takes longer is cut; what ran until then stays. */
    requestSeconds: number;
  };
  /** Simulated execution seconds by method; `*` is for all others. */
  costs: Record<string, number>;
  /** The share of a cost that the answer really waits: 0 not at all, 1 all of it. */
  costDelay: number;
  clockSpeed: number;
  callLogSize: number;
  events: EventSettings;
  switches: Switches;
}

export type PortalOptions = {
  [K in keyof Settings]?: Settings[K] extends unknown[] ? Settings[K] : Partial<Settings[K]>;
};

export const defaultSecret = "standinportalkey";

export function defaultSettings(): Settings {
  return {
    seed: 1,
    domain: "stand-in.bitrix24.example",
    language: "en",
    utcOffsetMinutes: 180,
    webhooks: [{ userId: 1, secret: defaultSecret, scopes: ["crm", "catalog", "user", "user_brief", "user_basic"] }],
    users: [
      { id: 1, name: "Vera", lastName: "Owner", email: "vera@portal.example", active: true, admin: true },
      { id: 2, name: "Maxim", lastName: "Manager", email: "maxim@portal.example", active: true, admin: false },
      { id: 3, name: "Nina", lastName: "Manager", email: "nina@portal.example", active: true, admin: false },
      { id: 4, name: "Fyodor", lastName: "Former", email: "fyodor@portal.example", active: false, admin: false },
    ],
    products: [{ id: 1777, name: "Online course", price: 49, currency: "USD", active: true }],
    currencies: [
      { code: "RUB", rate: 1, base: true },
      { code: "USD", rate: 90 },
      { code: "EUR", rate: 100 },
    ],
    funnels: [
      { id: 0, name: "General" },
      { id: 1, name: "Partners" },
    ],
    userFields: { contact: [], deal: [] },
    required: { contact: [], deal: [] },
    limits: { bucket: 50, perSecond: 2, operatingSeconds: 480, requestSeconds: 60 },
    costs: { "*": 0.02 },
    costDelay: 0,
    clockSpeed: 1,
    callLogSize: 10_000,
    events: {
      url: "",
      token: "",
      names: [
        "ONCRMDEALADD",
        "ONCRMDEALUPDATE",
        "ONCRMDEALDELETE",
        "ONCRMCONTACTADD",
        "ONCRMCONTACTUPDATE",
        "ONCRMCONTACTDELETE",
      ],
      delayMs: 0,
      shuffleMs: 0,
      doubled: 0,
      lost: 0,
    },
    switches: {
      statuses: "current",
      portalDeletedStatus: 403,
      duplicateErrors: "emptyCode",
      numericCodes: "number",
      batchCharge: "commands",
      totalWithoutCount: "absent",
      recomputeOpportunity: true,
      appInfo: "refused",
      atomDateFilters: true,
      operating: "full",
    },
  };
}

/** Lists replace, groups merge, so that one limit or switch can be set alone. */
export function configure(settings: Settings, options: PortalOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const current: unknown = Reflect.get(settings, name);
    if (isGroup(current) && isGroup(value)) Object.assign(current, structuredClone(value));
    else Reflect.set(settings, name, structuredClone(value));
  }
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

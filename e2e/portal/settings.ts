import {
  type Currency,
  type Funnel,
  type FunnelStage,
  type ListEntry,
  newPortal,
  type PortalUser,
  type PriceType,
  type Product,
  type Robot,
  type UserField,
  type Webhook,
} from "./administration";
import type { EntityName } from "./crm/fields";
import type { Habit } from "./habits";
import { type PresetName, presetNamed } from "./presets";
import { defaultSwitches, defaultUnknownValues, type Switches, type UnknownValues } from "./switches";

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

export interface Settings {
  seed: number;
  domain: string;
  /** What its events call it by; it stays when the portal is renamed. No webhook can ask for it. */
  memberId: string;
  /** The only address that works, as `https://host:port`; others point to it. Empty: every address works. */
  movedTo: string;
  language: "en" | "ru";
  utcOffsetMinutes: number;
  webhooks: Webhook[];
  users: PortalUser[];
  products: Product[];
  priceTypes: PriceType[];
  currencies: Currency[];
  funnels: Funnel[];
  leadStages: FunnelStage[];
  sources: ListEntry[];
  /** Those that are there from the beginning. */
  companies: { id: number; title: string }[];
  userFields: Record<EntityName, UserField[]>;
  /** Mandatory fields by either of their names; `PHONE` and `EMAIL` too where records have them. */
  required: Record<EntityName, string[]>;
  /** Fields of a deal that are mandatory from one stage on, or in one failure stage, by the stage's id. */
  requiredAtStage: Record<string, string[]>;
  unknown: UnknownValues;
  /** Methods that this portal does not have, `*` at the end for many: `crm.item.*`. */
  missingMethods: string[];
  /** How long the duplicate search does not find what has just been saved. */
  duplicateLagMs: number;
  robots: Robot[];
  /** What managers do with the deals that programs make. */
  habits: Habit[];
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

/** What a portal begins with: a preset, and what differs from it. */
export type FirstOptions = PortalOptions & {
  preset?: PresetName;
  /** Its time at the beginning, and again at each reset, in milliseconds; absent: now. */
  startsAt?: number;
};

export function firstSettings({ preset, startsAt: _, ...options }: FirstOptions): Settings {
  const settings = defaultSettings();
  configure(settings, options);
  if (!preset) return settings;
  configure(settings, presetNamed(preset).settings(settings));
  configure(settings, options);
  return settings;
}

/** Groups whose members are named by the caller, not by the stand-in. */
export const openGroups: readonly string[] = ["costs", "requiredAtStage"] satisfies (keyof Settings)[];

function defaultSettings(): Settings {
  return {
    seed: 1,
    domain: "stand-in.bitrix24.example",
    memberId: "5ta9d1np0r7a15ta9d1np0r7a1000000",
    movedTo: "",
    language: "en",
    utcOffsetMinutes: 180,
    ...newPortal(),
    companies: [],
    userFields: { lead: [], contact: [], deal: [], company: [] },
    required: { lead: [], contact: [], deal: [], company: [] },
    requiredAtStage: {},
    unknown: defaultUnknownValues(),
    missingMethods: [],
    duplicateLagMs: 0,
    robots: [],
    habits: [],
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
        "ONCRMLEADADD",
        "ONCRMLEADUPDATE",
        "ONCRMLEADDELETE",
        "ONCRMCOMPANYADD",
        "ONCRMCOMPANYUPDATE",
        "ONCRMCOMPANYDELETE",
      ],
      delayMs: 0,
      shuffleMs: 0,
      doubled: 0,
      lost: 0,
    },
    switches: defaultSwitches(),
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

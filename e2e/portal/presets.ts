import type { PortalUser, Product } from "./administration";
import { entityNames } from "./crm/fields";
import type { FaultRule } from "./faults";
import type { HabitName } from "./habits";
import type { Rights } from "./rights";
import type { PortalOptions, Settings } from "./settings";
import type { UnknownValues } from "./switches";

/** A kind of portal that one meets: what differs from the settings there are, and what is broken about it. */
interface Preset {
  settings(current: Settings): PortalOptions;
  faults?: FaultRule[];
}

/** A self-hosted portal counts neither requests nor execution time, unless its owner wants so. */
const selfHosted: PortalOptions = {
  limits: { bucket: 0, operatingSeconds: 0 },
  switches: { operating: "absent" },
};

const documented: UnknownValues = {
  source: "refused",
  stage: "refused",
  currency: "refused",
  responsible: "refused",
  category: "refused",
  company: "refused",
  contact: "ignored",
  product: "refused",
  enumeration: "refused",
  email: "refused",
};

const own = () => ({ read: "own", update: "own", delete: "none" }) as const;

/** Their own records, none of the CRM's settings. */
const employee: Rights = {
  ...{ lead: own(), contact: own(), deal: own(), company: own() },
  denied: ["crm.currency.list"],
};

const book: Product = { id: 1800, name: "Workbook", price: 900, currency: "RUB", active: true };

const often: HabitName[] = ["takeOver", "sellInBaseCurrency", "replaceProduct", "addContact", "moveOn"];
const seldom: HabitName[] = ["mergeContact", "mergeDeal"];

/** What makes records, rows, comments, payments and visits. */
const makers = [
  ...entityNames.map((entity) => `crm.${entity}.add`),
  ...["crm.item.add", "crm.item.batchImport", "crm.timeline.comment.add", "crm.tracking.trace.add"],
  ...["crm.item.productrow.add", "crm.item.productrow.set", "crm.deal.productrows.set"],
  ...["crm.item.payment.add", "crm.item.payment.product.add"],
];

const presets = {
  /** Refuses unknown stages and currencies alone; what a portal without a preset is. */
  lenient: { settings: () => ({}) },
  /** Checks what the documentation says a portal checks. */
  ordinary: { settings: () => ({ unknown: documented, switches: { namelessContact: "named" } }) },
  "strict-fields": {
    settings: () => ({
      unknown: documented,
      required: { contact: ["post"], deal: ["companyId"] },
      requiredAtStage: { WON: ["additionalInfo"] },
      userFields: {
        contact: [],
        deal: [{ name: "UF_CRM_CONTRACT", type: "string", title: "Contract number", required: true }],
      },
    }),
  },
  "employees-webhook": {
    settings: ({ users, webhooks }) => ({
      unknown: documented,
      users: users.map((user): PortalUser => {
        const owns = webhooks.some(({ userId }) => userId === user.id);
        return owns ? { ...user, admin: false, rights: employee } : user;
      }),
    }),
  },
  "old-box": {
    settings: () => ({
      ...selfHosted,
      missingMethods: ["crm.tracking.*", "crm.item.payment.*", "crm.item.batchimport", "catalog.*"],
      switches: {
        ...selfHosted.switches,
        universalDeals: "unknown",
        statuses: "before2026",
        duplicateErrors: "textAsCode",
        numericCodes: "string",
      },
    }),
  },
  "three-byte-box": {
    settings: () => ({ ...selfHosted, switches: { ...selfHosted.switches, fourByteText: "refused" } }),
  },
  "busy-managers": {
    settings: ({ products }) => ({
      products: products.some(({ id }) => id !== 1777) ? products : [...products, book],
      habits: [
        ...often.map((act) => ({ act, share: 0.4, afterMs: 300 })),
        ...seldom.map((act) => ({ act, share: 0.1, afterMs: 600 })),
      ],
    }),
  },
  robots: {
    settings: () => ({
      duplicateLagMs: 5_000,
      robots: [
        { on: "contact", set: { assignedById: 2 } },
        { on: "deal", set: { stageId: "PREPARATION", assignedById: 3 } },
        { on: "deal", set: { currencyId: "RUB" }, afterMs: 500 },
      ],
    }),
  },
  /** Everybody is refused in the same words, and none of them is to blame. */
  "refuses-everybody": {
    settings: () => ({}),
    faults: makers.map((method) => ({
      kind: "command" as const,
      method,
      code: "ERROR_CORE",
      text: "Internal error",
    })),
  },
  asleep: { settings: () => ({}), faults: [{ kind: "asleep" }] },
  firewall: { settings: () => ({}), faults: [{ kind: "firewall" }] },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as PresetName[];

export function isPresetName(name: unknown): name is PresetName {
  return typeof name === "string" && Object.hasOwn(presets, name);
}

export const presetNamed = (name: PresetName): Preset => presets[name];

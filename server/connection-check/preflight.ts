import { z } from "zod";
import { parseAnswer } from "../bitrix24/responses";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { canMail, checkMail } from "../platform/mail";
import type { Services } from "../services";

/** Everything a registration needs on the portal, in the order in which it should be mended. */
export const checkIds = [
  "credentials",
  "scopes",
  "product",
  "currency",
  "funnel",
  "stage",
  "paidStage",
  "source",
  "responsible",
  "clock",
  "events",
  "mail",
] as const;
export type CheckId = (typeof checkIds)[number];

/** `fail` stops registrations; `warn` is worth a look; `skip` is not configured or could not be asked. */
export interface Check {
  id: CheckId;
  state: "ok" | "warn" | "fail" | "skip";
  /** Facts for the line: ids, codes and numbers; nothing personal, nothing secret. */
  facts: Record<string, string | number>;
}

type Deps = Pick<Services, "bitrix24" | "env">;

const maxClockSkewSeconds = 60;
const neededScopes = ["crm"];
const usefulScopes = ["catalog", "user"];

const rows = z.array(z.record(z.string(), z.unknown()));
const categories = z.object({ categories: z.array(z.object({ id: z.coerce.number() })) });

/**
 * Asks the portal for everything a registration depends on, in two requests, and writes nothing. Never throws for
 * what the portal says: an unreachable or refusing portal is a failed check with its code.
 */
export async function preflight(deps: Deps): Promise<Check[]> {
  const [asked, mail] = await Promise.all([ask(deps), mailCheck(deps)]);
  if (asked instanceof Bitrix24Error)
    return checkIds.map((id) => {
      if (id === "mail" && mail.state !== "ok") return mail;
      return id === "credentials"
        ? { id, state: "fail", facts: { code: asked.code } }
        : { id, state: "skip", facts: {} };
    });
  const read = reader(asked);
  return [
    credentials(read),
    scopes(read),
    await product(deps),
    currency(read),
    funnel(deps, read),
    stage("stage", deps.env.BITRIX24_STAGE_ID, read),
    stage("paidStage", deps.env.BITRIX24_PAID_STAGE_ID, read),
    source(deps, read),
    responsible(deps, read),
    clock(read),
    deps.env.BITRIX24_EVENT_TOKEN
      ? { id: "events", state: "ok", facts: {} }
      : { id: "events", state: "warn", facts: {} },
    mail,
  ];
}

/** No registration needs a mail, but who has forgotten a password does. */
async function mailCheck({ env }: Pick<Deps, "env">): Promise<Check> {
  if (!env.SMTP_URL) return { id: "mail", state: canMail(env) ? "ok" : "warn", facts: { log: 1 } };
  const answer = await checkMail(env);
  return { id: "mail", state: answer === "ok" ? "ok" : "warn", facts: answer === "ok" ? {} : { smtp: String(answer) } };
}

/** True if a registration would go through: nothing failed. */
export const isReady = (checks: Check[]): boolean => checks.every((check) => check.state !== "fail");

const questions = {
  profile: () => ({ method: "profile", params: {} }),
  scope: () => ({ method: "scope", params: {} }),
  time: () => ({ method: "server.time", params: {} }),
  currencies: () => ({ method: "crm.currency.list", params: {} }),
  categories: () => ({ method: "crm.category.list", params: { entityTypeId: 2 } }),
  stages: ({ env }: Deps) => ({
    method: "crm.status.list",
    params: {
      filter: { ENTITY_ID: env.BITRIX24_CATEGORY_ID === 0 ? "DEAL_STAGE" : `DEAL_STAGE_${env.BITRIX24_CATEGORY_ID}` },
    },
  }),
  sources: () => ({ method: "crm.status.list", params: { filter: { ENTITY_ID: "SOURCE" } } }),
  users: ({ env }: Deps) => ({ method: "user.get", params: { filter: { "@ID": env.BITRIX24_ASSIGNED_BY_IDS } } }),
} satisfies Record<string, (deps: Deps) => Command>;
type Question = keyof typeof questions;
type Asked = Record<Question, Outcome<unknown>>;

async function ask(deps: Deps): Promise<Asked | Bitrix24Error> {
  const names = Object.keys(questions) as Question[];
  try {
    const outcomes = await deps.bitrix24.client.batch(names.map((name) => questions[name](deps)));
    return Object.fromEntries(names.map((name, index) => [name, outcomes[index]])) as Asked;
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}

type Read = <T extends z.ZodType>(question: Question, schema: T) => z.output<T> | Bitrix24Error;

const reader =
  (asked: Asked): Read =>
  (question, schema) => {
    const outcome = asked[question];
    if (!outcome.ok) return outcome.error;
    try {
      return parseAnswer(question, schema, outcome.value);
    } catch (error) {
      if (error instanceof Bitrix24Error) return error;
      throw error;
    }
  };

const check = (id: CheckId, state: Check["state"], facts: Check["facts"] = {}): Check => ({ id, state, facts });
const failed = (id: CheckId, error: Bitrix24Error, state: Check["state"] = "fail") =>
  check(id, state, { code: error.code });

function credentials(read: Read): Check {
  const profile = read("profile", z.object({ ID: z.coerce.string(), ADMIN: z.unknown() }));
  if (profile instanceof Bitrix24Error) return failed("credentials", profile);
  return check("credentials", "ok", { userId: profile.ID });
}

function scopes(read: Read): Check {
  const granted = read("scope", z.array(z.string()));
  if (granted instanceof Bitrix24Error) return failed("scopes", granted);
  const missing = (wanted: string[]) => wanted.filter((scope) => !granted.includes(scope));
  const needed = missing(neededScopes);
  if (needed.length > 0) return check("scopes", "fail", { missing: needed.join(", ") });
  const useful = missing(usefulScopes);
  return useful.length > 0 ? check("scopes", "warn", { missing: useful.join(", ") }) : check("scopes", "ok");
}

async function product({ bitrix24 }: Deps): Promise<Check> {
  try {
    const info = await bitrix24.readProductInfo();
    return check("product", "ok", { id: info.id, priceUsd: info.priceUsd });
  } catch (error) {
    if (error instanceof Bitrix24Error)
      return check("product", "fail", { code: error.code, id: bitrix24.settings.productId });
    throw error;
  }
}

function currency(read: Read): Check {
  const list = read("currencies", rows);
  if (list instanceof Bitrix24Error) return failed("currency", list);
  return check("currency", list.some((row) => row.CURRENCY === "USD") ? "ok" : "fail");
}

function funnel({ env }: Deps, read: Read): Check {
  const id = env.BITRIX24_CATEGORY_ID;
  const list = read("categories", categories);
  if (list instanceof Bitrix24Error) return failed("funnel", list);
  return check("funnel", list.categories.some((category) => category.id === id) ? "ok" : "fail", { id });
}

function stage(id: "stage" | "paidStage", wanted: string | undefined, read: Read): Check {
  if (!wanted) return check(id, "skip");
  const list = read("stages", rows);
  if (list instanceof Bitrix24Error) return failed(id, list);
  return check(id, list.some((row) => row.STATUS_ID === wanted) ? "ok" : "fail", { stage: wanted });
}

function source({ env }: Deps, read: Read): Check {
  const wanted = env.BITRIX24_SOURCE_ID;
  const list = read("sources", rows);
  if (list instanceof Bitrix24Error) return failed("source", list);
  // The portal stores an unknown source without a word, so this does not stop registrations.
  return check("source", list.some((row) => row.STATUS_ID === wanted) ? "ok" : "warn", { source: wanted });
}

function responsible({ env }: Deps, read: Read): Check {
  const ids = env.BITRIX24_ASSIGNED_BY_IDS;
  if (ids.length === 0) return check("responsible", "skip");
  const list = read("users", rows);
  // Without the scope `user` the portal does not tell; the ids may still be right.
  if (list instanceof Bitrix24Error)
    return failed("responsible", list, list.code === "INSUFFICIENT_SCOPE" ? "warn" : "fail");
  const active = new Set(list.filter((row) => row.ACTIVE !== false && row.ACTIVE !== "N").map((row) => Number(row.ID)));
  const missing = ids.filter((id) => !active.has(id));
  return missing.length > 0
    ? check("responsible", "fail", { missing: missing.join(", ") })
    : check("responsible", "ok");
}

function clock(read: Read): Check {
  const time = read("time", z.string());
  if (time instanceof Bitrix24Error) return failed("clock", time, "warn");
  const skew = Math.round(Math.abs(Date.parse(time) - Date.now()) / 1000);
  return check("clock", skew <= maxClockSkewSeconds ? "ok" : "warn", { seconds: skew });
}

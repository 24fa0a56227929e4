import { z } from "zod";
import { databaseUrl, internalHosts, smtpUrl } from "./address-rules";
import { alertChecks } from "./alert-checks";
import { asciiHost, parseEmail } from "./email-address";
import { readOrigins } from "./embed-origins";
import { EnvError, orExit } from "./env-error";
import { readEnvFile } from "./env-file";
import { expectation } from "./expectation";
import { readFieldMap } from "./field-map";
import { maxId } from "./ids";
import { mailFaults } from "./mail-rules";
import { misspeltNames } from "./misspelt-names";
import { passwordLimits } from "./password-limits";
import { type PasswordProblem, passwordProblem } from "./password-policy";
import { loopbackHosts, productionFaults } from "./production-rules";
import { parseSender } from "./sender";
import { siteChecks } from "./site-checks";
import { isTimeZone } from "./time-zone";
import { titleFault, usualTitle } from "./title-template";

/**
 * The whole environment, parsed once at start. No other file of the product reads process.env: this file, with the
 * checks that it spreads, lists every setting, and a wrong value stops the process before it takes a registration.
 */

const port = z.coerce.number().int().min(0).max(65_535);
/** At most what PostgreSQL's integer and Node's timers hold: a larger number would fail or be cut long after the start. */
const positive = z.coerce.number().int().min(1).max(maxId);
const count = z.coerce.number().int().min(0).max(maxId);
const ids = z
  .string()
  .regex(/^\d+(\s*,\s*\d+)*$/, "expected a comma-separated list of numbers")
  .transform((list) => list.split(",").map((id) => Number(id)))
  // PostgreSQL's integer: a larger number would fail with every registration instead of at start.
  .refine((list) => list.every((id) => id > 0 && id <= maxId), "expected ids of users of the portal");
const email = z.string().transform((value, ctx) => {
  const address = parseEmail(value);
  if (address) return address;
  ctx.addIssue({ code: "custom", message: "expected an e-mail address" });
  return z.NEVER;
});
const hosts = z
  .string()
  .transform((list) =>
    list.split(",").map((host) =>
      host
        .trim()
        .toLowerCase()
        .replace(/^(\*?\.)/, ""),
    ),
  )
  .transform((list) => list.filter(Boolean).map((host) => asciiHost(host) ?? ""))
  .refine((list) => !list.includes(""), "expected hosts such as www.example.com, separated by commas");
const origins = z.string().transform((list, ctx) => {
  const read = readOrigins(list);
  if ("origins" in read) return read.origins;
  ctx.addIssue({
    code: "custom",
    message: "expected origins such as https://shop.example.com, separated by commas: see docs/reference.md",
  });
  return z.NEVER;
});
const markFields = z.string().transform((text, ctx) => {
  const rules = readFieldMap(text);
  if (rules) return rules;
  ctx.addIssue({
    code: "custom",
    message: `expected pairs such as gclid=UF_CRM_GCLID or company=contact.post, separated by commas: see docs/reference.md`,
  });
  return z.NEVER;
});
const secrets = z
  .string()
  .transform((list) => list.split(",").map((secret) => secret.trim()))
  .refine((list) => list.every((secret) => secret.length >= 32), "each secret must have 32 characters or more");

/** Sent in a header, which has neither blanks at its ends nor letters beyond ASCII. */
const metricsToken = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]{16,}$/, "expected 16 characters or more, none of them beyond ASCII");

const webhookUrl = z
  .url({ protocol: /^https?$/, error: "expected https://portal/rest/1/key/", abort: true })
  .refine((value) => {
    const { pathname, username, password, search, hash } = new URL(value);
    return /^\/rest\/\d+\/[^/]+\/?$/.test(pathname) && username + password + search + hash === "";
  }, "expected https://portal/rest/1/key/")
  .transform((value) => new URL(value).origin + new URL(value).pathname.replace(/\/?$/, "/"));

const receiver = z.url({ protocol: /^https?$/, error: "expected http://host:4318 or https://host" });

const { minForAdministrators, max } = passwordLimits;
const tooShort = `expected ${minForAdministrators} characters or more`;

/** What the operator is told about an administrator's unfit password, at start and by the command. */
export const passwordWords: Record<PasswordProblem, string> = {
  password_short: tooShort,
  password_short_admin: tooShort,
  too_long: `expected ${max} characters or fewer`,
  password_common: "this is one of the passwords that are tried first",
  password_personal: "this is made of the e-mail address or of the site's name",
};

/** One check for each variable. The settings that an administrator changes on a page are checked by the same ones. */
export const envChecks = {
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  PORT: port.default(3000),
  HOST: z.string().trim().default("0.0.0.0"),
  APP_URL: z
    .url({ protocol: /^https?$/, error: "expected https://host or http://host:port" })
    .transform((value) => new URL(value).origin)
    .optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATA_DIR: z.string().trim().default("./data"),
  SESSION_SECRET: secrets.optional(),
  BITRIX24_WEBHOOK_URL: webhookUrl.optional(),
  BITRIX24_TRUSTED_HTTP_HOSTS: z
    .string()
    .transform((list) => list.split(",").map((host) => host.trim().toLowerCase()))
    .default([]),
  BITRIX24_PRODUCT_ID: positive.default(1777),
  BITRIX24_PRICE_USD: z.coerce.number().min(0).max(1e9).optional(),
  BITRIX24_CATEGORY_ID: count.default(0),
  BITRIX24_STAGE_ID: z.string().trim().optional(),
  BITRIX24_PAID_STAGE_ID: z.string().trim().optional(),
  BITRIX24_ASSIGNED_BY_IDS: ids.default([]),
  BITRIX24_DEAL_TITLE: z
    .string()
    .trim()
    .refine(
      (template) => titleFault(template) === null,
      "expected a text with placeholders such as {name}: see docs/reference.md",
    )
    .default(usualTitle),
  BITRIX24_KEEP_OWNER: z.enum(["on", "off"]).default("on"),
  BITRIX24_MARK_FIELDS: markFields.default([]),
  BITRIX24_TRACES: z.enum(["on", "off"]).default("on"),
  SHOW_PRICE: z.enum(["on", "off"]).default("on"),
  BITRIX24_SOURCE_ID: z.string().trim().default("WEB"),
  BITRIX24_ORIGINATOR_ID: z.string().trim().max(100).default("registration"),
  BITRIX24_REQUESTS_PER_SECOND: z.coerce.number().positive().max(1000).default(2),
  BITRIX24_BURST: positive.max(1000).default(20),
  BITRIX24_TIMEOUT_MS: positive.max(60_000).default(30_000),
  BITRIX24_SETTLE_MS: count.default(65_000),
  BITRIX24_RETRY_BASE_MS: positive.default(5_000),
  BITRIX24_RETRY_MAX_MS: positive.default(3_600_000),
  BITRIX24_EVENT_TOKEN: z.string().trim().optional(),
  ADMIN_EMAIL: email.optional(),
  ADMIN_PASSWORD: z.string().optional(),
  ADMIN_TOTP: z.enum(["optional", "required"]).default("optional"),
  RATE_LIMIT_REGISTER: count.default(20),
  RATE_LIMIT_LOGIN: count.default(10),
  TRUST_PROXY: count.optional(),
  METRICS_TOKEN: metricsToken.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  ROLE: z.enum(["all", "web", "worker"]).default("all"),
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver.optional(),
  OTEL_TRACES_EXPORTER: z.enum(["otlp", "none"]).default("otlp"),
  OTEL_SDK_DISABLED: z.enum(["true", "false"]).default("false"),
  OTEL_SERVICE_NAME: z.string().trim().default("registrations"),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: z
    .string()
    .refine((text) => parseSender(text) !== null, "expected desk@example.com or Name <desk@example.com>")
    .optional(),
  ALERT_EMAIL: email.optional(),
  ...alertChecks,
  ...siteChecks,
  OPERATOR_EMAIL: email.optional(),
  RETAIN_WITHDRAWN_DAYS: count.max(36_500).default(30),
  RETAIN_UNCONFIRMED_DAYS: count.max(36_500).default(0),
  RETAIN_UNPAID_DAYS: count.max(36_500).default(0),
  RETAIN_LOG_DAYS: count.max(36_500).default(90),
  RETAIN_AUDIT_DAYS: count.max(36_500).default(1_095),
  ERASE_IN_CRM: z.enum(["delete", "anonymise", "keep"]).default("anonymise"),
  EMAIL_CONFIRMATION: z.enum(["required", "optional", "off"]).optional(),
  OWN_HOSTS: hosts.default([]),
  EMBED_ORIGINS: origins.default([]),
  WEBHOOK_INTERNAL_HOSTS: internalHosts.default([]),
  TIME_ZONE: z
    .string()
    .trim()
    .refine(isTimeZone, "expected the IANA name of a time zone, such as Europe/Moscow")
    .default("UTC"),
};

const schema = z
  .object(envChecks)
  .superRefine(
    (env, ctx) => {
      // The address is the credential, so plain HTTP is allowed only on this machine or to hosts named as trusted.
      if (!isProtected(env.BITRIX24_WEBHOOK_URL, env.BITRIX24_TRUSTED_HTTP_HOSTS))
        ctx.addIssue({
          code: "custom",
          path: ["BITRIX24_WEBHOOK_URL"],
          message: "must use https (plain http is accepted for loopback and for BITRIX24_TRUSTED_HTTP_HOSTS)",
        });
      if (env.NODE_ENV === "production")
        for (const { name, message } of productionFaults(env)) ctx.addIssue({ code: "custom", path: [name], message });
      if ((env.ADMIN_EMAIL === undefined) !== (env.ADMIN_PASSWORD === undefined))
        ctx.addIssue({
          code: "custom",
          path: ["ADMIN_PASSWORD"],
          message: "set ADMIN_EMAIL and ADMIN_PASSWORD together",
        });
      const weak =
        typeof env.ADMIN_PASSWORD === "string" &&
        passwordProblem(env.ADMIN_PASSWORD, {
          email: String(env.ADMIN_EMAIL ?? ""),
          isAdmin: true,
        });
      if (weak) ctx.addIssue({ code: "custom", path: ["ADMIN_PASSWORD"], message: passwordWords[weak] });
      for (const { name, message } of mailFaults(env)) ctx.addIssue({ code: "custom", path: [name], message });
    },
    // Runs beside invalid values as well, so that missing settings are reported in the same message.
    { when: () => true },
  )
  .transform((env) => ({
    ...env,
    EMAIL_CONFIRMATION:
      env.EMAIL_CONFIRMATION ?? (env.SMTP_URL === undefined ? ("off" as const) : ("optional" as const)),
    APP_URL: env.APP_URL ?? `http://localhost:${env.PORT}`,
    // Used outside production only, where forged cookies do no harm.
    SESSION_SECRET: env.SESSION_SECRET ?? ["development-only-secret-of-32-chars!"],
  }));

function isProtected(address: unknown, trusted: unknown): boolean {
  // An invalid address is reported by its own check.
  if (typeof address !== "string" || !URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || loopbackHosts.has(hostname) || (Array.isArray(trusted) && trusted.includes(hostname));
}

export type Env = z.infer<typeof schema> & {
  /** The variables that are set: settings of these names cannot be changed on the page. */
  NAMED: ReadonlySet<string>;
};

/**
 * Parses the environment; a blank value counts as unset. Throws EnvError, which names every bad variable but no value, and
 * begins with the issues that were found before.
 */
export function parseEnv(source: Record<string, string | undefined>, found: z.core.$ZodIssue[] = []): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(set, { error: expectation });
  const named = new Set(found.map(({ path }) => path[0]));
  // An issue that was found before is why the same variable's value is not valid now, so that one is named alone.
  const issues = [...found, ...(parsed.error?.issues ?? []).filter(({ path }) => !named.has(path[0]))];
  if (!parsed.success || issues.length > 0) throw new EnvError(issues);
  return { ...parsed.data, NAMED: new Set(Object.keys(set)) };
}

/** For process entries: the parsed environment, or a message on stderr and exit code 1. */
export function readEnv(): Env {
  // The exporter of traces reads its other variables, such as headers and sampling, by itself.
  const isOfTraces = (name: string) => name.startsWith("OTEL_");
  const isRead = (name: string) => isOfTraces(name) || Object.hasOwn(envChecks, name);
  const isOpen = (name: string) => isRead(name) && process.env[name] === undefined;
  const { variables, issues } = readEnvFile(process.env.ENV_FILE, isOpen);
  for (const [name, value] of Object.entries(variables)) if (isOfTraces(name)) process.env[name] ??= value;
  const source = { ...variables, ...process.env, NODE_ENV: process.env.NODE_ENV };
  for (const { name, meant } of misspeltNames(Object.keys(source), Object.keys(envChecks)))
    console.error(`${name} is no setting and has no effect: is ${meant} meant?`);
  return orExit(() => {
    // What stands in the file would be called missing.
    if (issues.some(({ path }) => path[0] === "ENV_FILE")) throw new EnvError(issues);
    return parseEnv(source, issues);
  });
}

/**
 * Whether this process is itself the command of an npm script, such as `npm start`. A process that a script only
 * launches, such as a process manager's daemon, is not: it is meant to outlive npm.
 */
export const startedByNpm = (): boolean => process.env.npm_lifecycle_script?.startsWith("node ") ?? false;

import { z } from "zod";
import { envChecks } from "../server/platform/env";
import { EnvError } from "../server/platform/env-error";
import { expectation } from "../server/platform/expectation";

/** Settings that the demo has of its own accord, or gives the site as they are. */
const given = ["PORT", "HOST", "DATA_DIR", "LOG_LEVEL", "TIME_ZONE"] as const;
/** Variables of the demo alone. */
const ownPorts = ["PORTAL_PORT", "MAIL_PORT"] as const;
/** What tests of the demo by a program need: no limits, and the metrics, which production closes otherwise. */
const passedOn = ["RATE_LIMIT_REGISTER", "RATE_LIMIT_LOGIN", "METRICS_TOKEN"] as const;

export const loopback = "127.0.0.1";

export const usage = `Usage: npm run demo, or npm run dev. Variables of the environment that it heeds: ${[...given, ...ownPorts, ...passedOn].join(", ")}`;

type Variables = Record<string, string | undefined>;

export const passedToSite = (env: Variables): Variables =>
  Object.fromEntries(passedOn.map((name) => [name, env[name]]));

/** The site's own checks, with what the demo uses where nothing is set. The passed on ones are only checked. */
const schema = z.object({
  HOST: envChecks.HOST.default(loopback),
  DATA_DIR: envChecks.DATA_DIR.default("data"),
  TIME_ZONE: envChecks.TIME_ZONE.default(Intl.DateTimeFormat().resolvedOptions().timeZone),
  PORT: envChecks.PORT.default(3000),
  PORTAL_PORT: envChecks.PORT.default(3024),
  MAIL_PORT: envChecks.PORT.default(3025),
  LOG_LEVEL: envChecks.LOG_LEVEL,
  RATE_LIMIT_REGISTER: envChecks.RATE_LIMIT_REGISTER,
  RATE_LIMIT_LOGIN: envChecks.RATE_LIMIT_LOGIN,
  METRICS_TOKEN: envChecks.METRICS_TOKEN,
});

/**
 * What the environment says of the demo itself. A blank value counts as unset, as for the site. Throws EnvError, which names
 * every bad variable: the site would name its own only once the stand-ins run.
 */
export function demoSettings(env: Variables) {
  const set = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = schema.safeParse(set, { error: expectation });
  if (!parsed.success) throw new EnvError(parsed.error.issues);
  const { HOST, DATA_DIR, LOG_LEVEL, TIME_ZONE, PORT, PORTAL_PORT, MAIL_PORT } = parsed.data;
  return {
    host: HOST,
    dataDir: DATA_DIR,
    logLevel: LOG_LEVEL,
    timeZone: TIME_ZONE,
    ports: { site: PORT, portal: PORTAL_PORT, mail: MAIL_PORT },
  };
}

/** One line that names the settings that are set and have no effect on the demo; null: there are none. */
export function unheededSettings(env: Variables): string | null {
  // Shells and test runners set NODE_ENV for purposes of their own.
  const heeded: readonly string[] = [...given, ...passedOn, "NODE_ENV"];
  const names = Object.keys(envChecks).filter((name) => env[name]?.trim() && !heeded.includes(name));
  return names.length > 0 ? `The demo does not heed ${names.join(", ")}: npm start does.` : null;
}

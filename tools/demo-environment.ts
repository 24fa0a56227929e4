import { envChecks } from "../server/platform/env";

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

/** A blank value counts as unset, as for the site. */
const textOf = (env: Variables, name: string): string | undefined => env[name]?.trim() || undefined;

/** What the environment says of the demo itself. Throws on what is no port. */
export const demoSettings = (env: Variables) => ({
  host: textOf(env, "HOST") ?? loopback,
  dataDir: textOf(env, "DATA_DIR") ?? "data",
  logLevel: textOf(env, "LOG_LEVEL"),
  timeZone: textOf(env, "TIME_ZONE") ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  ports: {
    site: portOf(env, "PORT", 3000),
    portal: portOf(env, "PORTAL_PORT", 3024),
    mail: portOf(env, "MAIL_PORT", 3025),
  },
});

/** The port that a variable names, or the usual one. */
function portOf(env: Variables, name: string, usual: number): number {
  const text = textOf(env, name);
  if (text === undefined) return usual;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`${name}=${text}: expected a port from 0 to 65535.`);
}

/** One line that names the settings that are set and have no effect on the demo; null: there are none. */
export function unheededSettings(env: Variables): string | null {
  // Shells and test runners set NODE_ENV for purposes of their own.
  const heeded: readonly string[] = [...given, ...passedOn, "NODE_ENV"];
  const names = Object.keys(envChecks).filter((name) => env[name]?.trim() && !heeded.includes(name));
  return names.length > 0 ? `The demo does not heed ${names.join(", ")}: npm start does.` : null;
}

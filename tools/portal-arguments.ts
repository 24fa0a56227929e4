import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isPresetName, type PresetName, presetNames } from "../e2e/portal/presets";
import { type FirstOptions, firstSettings } from "../e2e/portal/settings";
import { readSettings } from "../e2e/portal/settings-input";
import { wholeNumber } from "./whole-number";

export interface PortalArguments {
  port: number;
  host: string;
  names: string[];
  /** Absent: the data ends with the program. */
  dataDir: string | undefined;
  tls: { cert: string; key: string } | undefined;
  options: FirstOptions;
}

export const usage = `Usage: npm run portal -- [options]

  --port 3024              where it listens; 0 takes a free port
  --host 127.0.0.1         the address it listens at
  --name portal            a name it answers to besides this machine's own; may be repeated
  --data ./portal-data     keeps contacts, deals and the rest there; else they end with the program
  --preset ordinary        one of: ${presetNames.join(", ")}
  --settings portal.json   settings, as the README lists them
  --language ru            the language of its errors: en, ru
  --clock 2026-12-24T18:00Z  the time at which it begins
  --speed 60               how fast its time passes
  --secret KEY             the key in the webhook's address
  --events URL --token T   where it sends events, and what they prove themselves with
  --cert FILE --key FILE   https instead of http, for clients that take nothing else`;

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  name: { type: "string", multiple: true },
  data: { type: "string" },
  preset: { type: "string" },
  settings: { type: "string" },
  language: { type: "string" },
  clock: { type: "string" },
  speed: { type: "string" },
  secret: { type: "string" },
  events: { type: "string" },
  token: { type: "string" },
  cert: { type: "string" },
  key: { type: "string" },
} as const;

/** @throws Error in words for the person at the terminal */
export function readArguments(args: string[]): PortalArguments {
  const { values } = parseArgs({ args, options: flags, allowPositionals: false });
  const { cert, key, events, token } = values;
  if ((cert === undefined) !== (key === undefined)) throw new Error("--cert and --key go together");
  const preset = values.preset === undefined ? {} : { preset: presetOf(values.preset) };
  const file = values.settings ? settingsIn(values.settings, preset) : {};
  return {
    port: wholeNumber("--port", values.port ?? "3024", { most: 65_535 }),
    host: values.host ?? "127.0.0.1",
    names: values.name ?? [],
    dataDir: values.data,
    tls: cert && key ? { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") } : undefined,
    options: {
      ...file,
      ...preset,
      ...(values.language === undefined ? {} : { language: languageOf(values.language) }),
      ...(values.clock === undefined ? {} : { startsAt: moment(values.clock) }),
      ...(values.speed === undefined ? {} : { clockSpeed: positive("--speed", values.speed) }),
      events: {
        ...file.events,
        ...(events === undefined ? {} : { url: addressOf(events) }),
        ...(token === undefined ? {} : { token }),
      },
      ...(values.secret === undefined ? {} : { webhooks: webhooksWith(values.secret, file) }),
    },
  };
}

/** The fields of the preset are there for the file too. */
function settingsIn(file: string, preset: Pick<FirstOptions, "preset">): FirstOptions {
  return readSettings(JSON.parse(readFileSync(file, "utf8")), firstSettings(preset));
}

function presetOf(name: string): PresetName {
  if (!isPresetName(name)) throw new Error(`--preset has to be one of: ${presetNames.join(", ")}`);
  return name;
}

function languageOf(name: string): "en" | "ru" {
  if (name !== "en" && name !== "ru") throw new Error("--language has to be en or ru");
  return name;
}

/** The first is the one whose address the program tells. */
function webhooksWith(secret: string, file: FirstOptions) {
  if (!/^[\w-]+$/.test(secret)) throw new Error("--secret may have letters, digits, - and _ only");
  const { webhooks } = firstSettings(file);
  return webhooks.map((webhook, index) => (index === 0 ? { ...webhook, secret } : webhook));
}

function addressOf(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error("--events has to be a URL");
  return text;
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (!(number > 0 && Number.isFinite(number))) throw new Error(`${flag} has to be a number above 0`);
  return number;
}

function moment(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error("--clock has to be a time as 2026-12-24T18:00Z");
  return at;
}

/** Settings that are acceptable only in development. Raw values: some may be invalid. */
interface Settings {
  SESSION_SECRET?: unknown;
  BITRIX24_WEBHOOK_URL?: unknown;
  BITRIX24_EVENT_TOKEN?: unknown;
  APP_URL?: unknown;
}

export interface SettingFault {
  name: keyof Settings;
  message: string;
}

export const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The portal's own tokens have 32 characters. */
const eventTokenLength = 16;
const minSecretBits = 16;

/** All settings that must not be used in production. */
export function productionFaults(settings: Settings): SettingFault[] {
  const faults: SettingFault[] = [];
  const add = (name: keyof Settings, message: string) => faults.push({ name, message });

  if (settings.SESSION_SECRET === undefined) add("SESSION_SECRET", "required in production (32 characters or more)");
  else if (
    Array.isArray(settings.SESSION_SECRET) &&
    settings.SESSION_SECRET.some((text) => bitsOf(text) < minSecretBits)
  )
    add("SESSION_SECRET", "can be guessed: make each one with `openssl rand -hex 32`");
  else if (String(settings.SESSION_SECRET).includes(exampleSecret) && !isLoopback(settings.APP_URL))
    add("SESSION_SECRET", "is the one of .env.example: make one with `openssl rand -hex 32`");

  if (settings.BITRIX24_WEBHOOK_URL === undefined) add("BITRIX24_WEBHOOK_URL", "required in production");

  const token = settings.BITRIX24_EVENT_TOKEN;
  if (typeof token === "string" && token.length < eventTokenLength)
    add("BITRIX24_EVENT_TOKEN", `expected ${eventTokenLength} characters or more, as the portal makes it`);

  if (settings.APP_URL === undefined) add("APP_URL", "required in production: the site's public address");
  else if (!isSafeOrigin(settings.APP_URL)) add("APP_URL", "must use https (plain http is accepted for loopback only)");
  return faults;
}

/** The start of .env.example's secret, which is public. */
const exampleSecret = "replace-me";

const isLoopback = (value: unknown): boolean =>
  typeof value === "string" && URL.canParse(value) && loopbackHosts.has(new URL(value).hostname);

function isSafeOrigin(value: unknown): boolean {
  // An invalid address is reported by its own check.
  if (typeof value !== "string" || !URL.canParse(value)) return true;
  const { protocol, hostname } = new URL(value);
  return protocol !== "http:" || loopbackHosts.has(hostname);
}

/**
 * What the text's own letters could carry at most: none for one letter again and again, 200 and more for what `openssl
 * rand -hex 32` prints.
 */
function bitsOf(text: unknown): number {
  const letters = [...String(text)];
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const perLetter = [...counts.values()].reduce((sum, count) => {
    const share = count / letters.length;
    return sum - share * Math.log2(share);
  }, 0);
  // A repeated short text has no more entropy than the text once.
  const [, unit = ""] = /^(.+?)\1*$/su.exec(letters.join("")) ?? [];
  return perLetter * [...unit].length;
}

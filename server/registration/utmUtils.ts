import { readCookies, writeCookie } from "../platform/cookies";

/**
 * Where a visitor came from: the first touch ever and the last one that says something. Both live in cookies that the
 * server sets, so attribution works without JavaScript and survives any walk through the site before registering.
 */

const utmKeys = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"] as const;
const clickKeys = ["gclid", "yclid", "fbclid", "ymclid", "roistat"] as const;
const markKeys = [...utmKeys, ...clickKeys] as const;
/** In order of worth: when a cookie would grow too large, the later ones are left out. */
const touchKeys = [...utmKeys, "at", ...clickKeys, "referrer", "landing"] as const;

type TouchKey = (typeof touchKeys)[number];

/** One visit's origin. `referrer` is a foreign address without its query, `landing` our own path, `at` an ISO time. */
export type Touch = Partial<Record<TouchKey, string>>;

export interface UtmData {
  first: Touch | null;
  last: Touch | null;
}

export const utmCookieNames = { first: "utm_first", last: "utm_last" } as const;

const maxValueCharacters = 255;
/** With name and attributes a cookie stays below 3 kB, so that two of them pass every proxy. */
const maxEncodedCharacters = 2_900;
const maxAgeSeconds = 90 * 24 * 60 * 60;

/** Reads both touches from a Cookie header. Whatever a visitor has made of the cookies, it never throws. */
export function getUtmDataFromCookies(cookieHeader: string | null | undefined): UtmData {
  const cookies = readCookies(cookieHeader);
  const plain = plainTouch(cookies);
  return {
    first: decodeTouch(cookies.get(utmCookieNames.first)) ?? plain,
    last: decodeTouch(cookies.get(utmCookieNames.last)) ?? plain,
  };
}

/** The last touch in Bitrix24's own field names; only what is known. */
export function getUtmForBitrix24(utm: UtmData): Partial<Record<Uppercase<(typeof utmKeys)[number]>, string>> {
  const { last } = utm;
  if (!last) return {};
  return Object.fromEntries(utmKeys.flatMap((key) => (last[key] ? [[key.toUpperCase(), last[key]]] : [])));
}

interface Visit {
  url: URL;
  referrer: string | undefined;
  cookieHeader: string | undefined;
  /** Hosts of our own: coming from them is no new touch. */
  ownHosts: string[];
  secure: boolean;
  now?: Date;
}

/**
 * The Set-Cookie values that a page request calls for, often none. The first touch is written once and never again;
 * the last touch only by a visit that carries marks or comes from a foreign site, so walking about erases nothing.
 */
export function touchCookies({ url, referrer, cookieHeader, ownHosts, secure, now = new Date() }: Visit): string[] {
  const cookies = readCookies(cookieHeader);
  const touch = touchOf(url, referrer, ownHosts, now);
  const telling = markKeys.some((key) => touch[key]) || touch.referrer !== undefined;
  const write = (name: string) => writeCookie(name, encodeTouch(touch), { maxAgeSeconds, secure });
  return [
    ...(decodeTouch(cookies.get(utmCookieNames.first)) ? [] : [write(utmCookieNames.first)]),
    ...(telling ? [write(utmCookieNames.last)] : []),
  ];
}

function touchOf(url: URL, referrer: string | undefined, ownHosts: string[], now: Date): Touch {
  const values: Touch = {};
  for (const key of markKeys) {
    const value = clean(url.searchParams.get(key));
    if (value) values[key] = value;
  }
  const from = foreignReferrer(referrer, [url.host, ...ownHosts]);
  if (from) values.referrer = from;
  values.landing = clean(url.pathname) || "/";
  values.at = now.toISOString();
  return values;
}

/** Origin and path only: the query of a foreign page may hold what is no business of ours. */
function foreignReferrer(referrer: string | undefined, ownHosts: string[]): string | undefined {
  if (!referrer || !URL.canParse(referrer)) return undefined;
  const { protocol, host, origin, pathname } = new URL(referrer);
  if (!/^https?:$/.test(protocol) || ownHosts.includes(host)) return undefined;
  return clean(origin + pathname);
}

/** Without control characters and halves of surrogate pairs, cut at a whole character. */
function clean(value: unknown): string {
  if (typeof value !== "string") return "";
  const visible = value.replace(/[\p{Cc}\p{Cs}]/gu, "").trim();
  return visible.length <= maxValueCharacters ? visible : [...visible].slice(0, maxValueCharacters).join("");
}

function encodeTouch(touch: Touch): string {
  let encoded = "";
  const kept: Touch = {};
  for (const key of touchKeys) {
    if (touch[key] === undefined) continue;
    const attempt = Buffer.from(JSON.stringify({ ...kept, [key]: touch[key] })).toString("base64url");
    if (attempt.length > maxEncodedCharacters) continue;
    kept[key] = touch[key];
    encoded = attempt;
  }
  return encoded;
}

/** Null for anything but a touch with at least one known value; foreign keys and types are dropped. */
function decodeTouch(encoded: string | undefined): Touch | null {
  if (!encoded || encoded.length > maxEncodedCharacters) return null;
  try {
    return pickTouch(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8")));
  } catch {
    return null;
  }
}

/** Marks that the site's own scripts or an earlier system have left in cookies named like the parameters. */
function plainTouch(cookies: Map<string, string>): Touch | null {
  return pickTouch(Object.fromEntries(markKeys.map((key) => [key, decodeComponent(cookies.get(key))])));
}

function decodeComponent(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function pickTouch(value: unknown): Touch | null {
  if (typeof value !== "object" || value === null) return null;
  const touch: Touch = {};
  for (const key of touchKeys) {
    const text = Object.hasOwn(value, key) ? clean((value as Record<string, unknown>)[key]) : "";
    if (text) touch[key] = text;
  }
  return Object.keys(touch).length > 0 ? touch : null;
}

import { cleanText } from "../platform/clean-text";
import { allCookies, type Cookie, writeCookie } from "../platform/cookies";
import { clickKeys, clientKeys, type TagKey, tagKeyOf, tagKeys, utmKeys, visitKeys } from "../platform/utm-keys";
import { isOwnHost } from "./own-hosts";
import { cleanTag, readPlainTags, readTags, type Tags } from "./read-tags";

/**
 * Where a visitor came from: the first touch, and the last touch that has information. Both are cookies set by the
 * server, so attribution works without JavaScript and survives visits to other pages before registering.
 */

/** Most important first: if a cookie would grow too large, the later ones are left out. */
const touchKeys = [...utmKeys, "at", ...clickKeys, "referrer", "landing", ...clientKeys] as const;

type TouchKey = (typeof touchKeys)[number];

/**
 * One visit's origin. `referrer` is an external address without its query, `landing` a path of ours, `at` an ISO time.
 */
export type Touch = Partial<Record<TouchKey, string>>;

export interface UtmData {
  first: Touch | null;
  last: Touch | null;
}

export const utmCookieNames = { first: "utm_first", last: "utm_last" } as const;

const maxPathCharacters = 255;
/** With name and attributes a cookie stays below 3 kB, so that two of them pass every proxy. */
const maxEncodedCharacters = 2_900;
const maxAgeSeconds = 90 * 24 * 60 * 60;

/** Reads both touches from a Cookie header. Never throws, even if a visitor has tampered with the cookies. */
export function getUtmDataFromCookies(cookieHeader: string | null | undefined): UtmData {
  const cookies = allCookies(cookieHeader);
  const plain = readPlainTags(cookies);
  const { first, last } = storedTouches(cookies);
  return { first: completed(first, plain), last: completed(last, plain) };
}

/** The touches that we have stored: the main site may have cookies of these names, too, with values of its own. */
function storedTouches(cookies: readonly Cookie[]): UtmData {
  const touchIn = (wanted: string): Touch | null =>
    cookies.flatMap(([name, value]) => (name === wanted ? (decodeTouch(value) ?? []) : []))[0] ?? null;
  return { first: touchIn(utmCookieNames.first), last: touchIn(utmCookieNames.last) };
}

/**
 * Completes a touch that has no tags with those that the main site's scripts store in plain cookies. Tags of two
 * campaigns are never mixed. What belongs to the browser, not to a campaign, is added to every touch: the visit that Roistat
 * counts, and the ids that counters of the site give.
 */
function completed(touch: Touch | null, plain: Tags): Touch | null {
  const ofBrowser = Object.fromEntries(
    (["roistat", ...clientKeys] as const).flatMap((key) => (plain[key] ? [[key, plain[key]]] : [])),
  );
  const filled = hasTags(touch, utmKeys) ? { ...ofBrowser, ...touch } : { ...plain, ...touch };
  return Object.keys(filled).length > 0 ? filled : null;
}

const hasTags = (touch: Touch | null | undefined, keys: readonly TagKey[] = tagKeys): boolean =>
  keys.some((key) => touch?.[key]);

/**
 * The UTM tags for Bitrix24, in its field names: of the last touch that has tags, else of the first that has. Only
 * known values.
 */
export function getUtmForBitrix24(touches: UtmData): Partial<Record<Uppercase<(typeof utmKeys)[number]>, string>> {
  const told = toldTouch(touches);
  return Object.fromEntries(utmKeys.flatMap((key) => (told?.[key] ? [[key.toUpperCase(), told[key]]] : [])));
}

const toldTouch = ({ first, last }: UtmData): Touch | null =>
  [last, first].find((touch) => hasTags(touch, utmKeys)) ?? null;

/** The touch of which Bitrix24 is told. */
export function toldVisit(touches: UtmData): Touch | null {
  const { first, last } = touches;
  return (
    toldTouch(touches) ??
    [last, first].find((each) => hasTags(each)) ??
    [last, first].find((each) => each?.referrer) ??
    first ??
    last
  );
}

/**
 * The further data of the touch whose tags Bitrix24 is told: click ids, external referrer and our landing page. If no
 * touch has UTM tags: of the last with a click id, else of the last with a referrer, else of the first.
 */
export function getVisitForBitrix24(touches: UtmData): Record<string, string> {
  const touch = toldVisit(touches);
  return Object.fromEntries(visitKeys.flatMap((key) => (touch?.[key] ? [[key, touch[key]]] : [])));
}

/** The ids that counters of the site gave the browser: as they were first. */
export const clientIdsOf = ({ first, last }: UtmData): Tags =>
  Object.fromEntries(
    clientKeys.flatMap((key) => {
      const id = first?.[key] ?? last?.[key];
      return id ? [[key, id]] : [];
    }),
  );

interface Visit {
  url: URL;
  referrer: string | undefined;
  cookieHeader: string | undefined;
  /** Further hosts of ours: coming from them is no new touch. */
  ownHosts: string[];
  secure: boolean;
  now?: Date;
}

/**
 * The Set-Cookie values for a page request, often none. The first touch is written once. The last touch is written by a
 * visit with tags or a click id; by a visit that only comes from an external site, a search engine or mail, as long as no
 * campaign is known; and never by visits within our pages.
 */
export function touchCookies(visit: Visit): string[] {
  const { first, last } = storedTouches(allCookies(visit.cookieHeader));
  const touch = touchOf(visit, last);
  const isTelling = hasTags(touch) || (touch.referrer !== undefined && !hasTags(last));
  const write = (name: string, written: Touch) =>
    writeCookie(name, encodeTouch(written), { maxAgeSeconds, secure: visit.secure });
  return [
    ...(first ? [] : [write(utmCookieNames.first, touch)]),
    ...(isTelling ? [write(utmCookieNames.last, keepingCampaign(touch, last))] : []),
  ];
}

/**
 * What is stored of a visit as the last touch. A click id alone is added to the campaign that is known: Bitrix24 is told of the
 * last UTM tags, and the advertising system of its own click. The rest is that of the campaign's visit.
 */
function keepingCampaign(touch: Touch, last: Touch | null): Touch {
  if (hasTags(touch, utmKeys) || !hasTags(last, utmKeys)) return touch;
  const ids = [...clickKeys, ...clientKeys].flatMap((key) => (touch[key] ? [[key, touch[key]]] : []));
  return { ...last, ...Object.fromEntries(ids) };
}

/** What a visit tells; `last` is the touch before it. */
export function touchOf(
  { url, referrer, ownHosts, now = new Date() }: Omit<Visit, "cookieHeader" | "secure">,
  last: Touch | null,
): Touch {
  const from = referrer && URL.canParse(referrer) ? new URL(referrer) : null;
  const isWeb = from !== null && /^https?:$/.test(from.protocol);
  const isOwn = isWeb && isOwnHost(from.hostname, url.hostname, ownHosts);
  const touch: Touch = readTags(url.search);
  // A page of the main site that an advertisement led to, and that links here. Going back and forth is no new click.
  if (isOwn && from.hostname !== url.hostname && !hasTags(touch)) {
    const tags = readTags(from.search);
    if (tagKeys.some((key) => tags[key] !== last?.[key] && tags[key])) Object.assign(touch, tags);
  }
  // Origin and path only: the query of an external page may hold private data.
  if (isWeb && !isOwn) touch.referrer = cleanPath(from.origin + from.pathname);
  touch.landing = cleanPath(url.pathname) || "/";
  touch.at = now.toISOString();
  return touch;
}

export const cleanPath = (text: string): string => [...cleanText(text)].slice(0, maxPathCharacters).join("");

export function encodeTouch(touch: Touch): string {
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

/** Null unless it is a touch with at least one known value; unknown keys and types are dropped. */
export function decodeTouch(encoded: string | undefined): Touch | null {
  if (!encoded || encoded.length > maxEncodedCharacters) return null;
  try {
    return pickTouch(JSON.parse(Buffer.from(encoded, "base64url").toString("utf8")));
  } catch {
    return null;
  }
}

/** A touch that a program sends, cleaned as a cookie's. */
export const cleanTouch = (touch: Record<string, string> | undefined): Touch | null => pickTouch(touch ?? null);

function pickTouch(value: unknown): Touch | null {
  if (typeof value !== "object" || value === null) return null;
  const touch: Touch = {};
  for (const key of touchKeys) {
    const text: unknown = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    if (typeof text !== "string") continue;
    const tag = tagKeyOf(key);
    const clean = tag ? cleanTag(tag, text) : cleanPath(text.replace(/[\p{Cc}\p{Cs}]/gu, ""));
    if (clean) touch[key] = clean;
  }
  return Object.keys(touch).length > 0 ? touch : null;
}

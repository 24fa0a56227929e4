import { cleanText } from "../platform/clean-text";
import { clientKeys, isClickKey, type MarkKey, markKeyOf, markKeys } from "../platform/utm-keys";
import { cleanClientId, clientIdCookies, isClientKey } from "./client-ids";
import { decodeMark } from "./decode-mark";

export type Marks = Partial<Record<MarkKey, string>>;

const maxUtmCharacters = 255;
const maxClickIdCharacters = 1_000;

const anyMark = `(?:${[...markKeys, ...clientKeys].join("|")})`;
const knownParameter = new RegExp(`(?:[?;]|%26)(?=${anyMark}(?:=|%3d))`, "gi");
/** A query that was percent-encoded as a whole, as redirects do it. */
const encodedEquals = new RegExp(`(^|&)(${anyMark})%3d`, "gi");

/**
 * The UTM tags and click ids of a query, also if a template or a redirect has damaged it: `&amp;`, `;` or an encoded
 * `&` between parameters, a second `?`, names in capitals. Of a repeated parameter the first non-empty value counts.
 */
export function readMarks(search: string): Marks {
  const query = search
    .replace(/^\?/, "")
    .replace(/&(?:amp;|#0*38;|#x0*26;)+/gi, "&")
    .replace(/%26amp%3b/gi, "&")
    .replace(knownParameter, "&")
    .replace(encodedEquals, "$1$2=");
  const pairs = query.split("&").map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return marksOf(pairs, (key, value) => (isClickKey(key) ? value : value.replaceAll("+", " ")));
}

/** The tags in cookies that have the parameters' names, and the numbers that Roistat's, Metrica's and Google's scripts store. */
export function readPlainMarks(cookies: Map<string, string>): Marks {
  return marksOf([...cookies, ["roistat", cookies.get("roistat_visit") ?? ""], ...clientIdCookies(cookies)]);
}

function marksOf(pairs: Iterable<[string, string]>, prepare = (_: MarkKey, value: string) => value): Marks {
  const marks: Marks = {};
  for (const [name, raw] of pairs) {
    const key = markKeyOf(name);
    if (!key || marks[key]) continue;
    const value = cleanMark(key, decodeMark(prepare(key, raw)));
    if (value) marks[key] = value;
  }
  return marks;
}

/**
 * The value as stored: a click id whole or not at all, other tags cut at a whole character. Empty if nothing is to be
 * stored.
 */
export function cleanMark(key: MarkKey, value: string | undefined): string {
  if (value === undefined) return "";
  if (isClientKey(key)) return cleanClientId(key, value);
  const text = cleanText(value.replace(/[\p{Cc}\p{Cs}]/gu, ""));
  if (isClickKey(key)) return text === value && text.length <= maxClickIdCharacters ? text : "";
  return text.length <= maxUtmCharacters ? text : [...text].slice(0, maxUtmCharacters).join("").trim();
}

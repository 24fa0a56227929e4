import { cleanText } from "../platform/clean-text";
import { isClickKey, type MarkKey, markKeyOf, markKeys } from "../platform/utm-keys";
import { decodeMark } from "./decode-mark";

export type Marks = Partial<Record<MarkKey, string>>;

const maxUtmCharacters = 255;
const maxClickIdCharacters = 1_000;

const anyMark = `(?:${markKeys.join("|")})`;
const knownParameter = new RegExp(`(?:[?;]|%26)(?=${anyMark}(?:=|%3d))`, "gi");
/** A query that was encoded as a whole, as redirects do it. */
const encodedEquals = new RegExp(`(^|&)(${anyMark})%3d`, "gi");

/**
 * The marks of an address's query, also of one that a template or a redirect has damaged: `&amp;`, `;` or an encoded `&`
 * between marks, a second `?`, names in capitals. Of a repeated mark the first that is not empty counts.
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

/** The marks among cookies that are named like the parameters, and the visit that Roistat's own script counts. */
export function readPlainMarks(cookies: Map<string, string>): Marks {
  return marksOf([...cookies, ["roistat", cookies.get("roistat_visit") ?? ""]]);
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

/** As it is kept: a click id whole or not at all, the rest cut at a whole character. Empty if there is nothing to keep. */
export function cleanMark(key: MarkKey, value: string | undefined): string {
  if (value === undefined) return "";
  const text = cleanText(value.replace(/[\p{Cc}\p{Cs}]/gu, ""));
  if (isClickKey(key)) return text === value && text.length <= maxClickIdCharacters ? text : "";
  return text.length <= maxUtmCharacters ? text : [...text].slice(0, maxUtmCharacters).join("").trim();
}

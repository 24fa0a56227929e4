import { cleanText } from "../platform/clean-text";
import { cleanUtm } from "../platform/clean-utm";
import type { Cookie } from "../platform/cookies";
import { isClickKey, type TagKey, tagKeyOf } from "../platform/utm-keys";
import { cleanClientId, clientIdCookies, isClientKey } from "./client-ids";
import { decodeTag } from "./decode-tag";

export type Tags = Partial<Record<TagKey, string>>;

const maxClickIdCharacters = 1_000;

/** A parameter follows: its name, and an equals sign, which a redirect may have encoded with the rest. */
const aParameter = "(?=([^=?;&]{1,64}?)(?:=|%3d))";
const plainSeparator = new RegExp(`[?;]${aParameter}`, "gi");
const encodedAmpersand = new RegExp(`%26${aParameter}`, "gi");

/** A value that is an address, of any site, with a query of its own. */
const addressWithQuery = /^(?:[\w.+-]*(?::|%3a)|[\w-]+\.[\w.-]+)?(?:\/|%2f)[^?]*?(?:\?|%3f)/i;

/**
 * The UTM tags and click ids of a query, also if a template or a redirect has damaged it: `&amp;`, `;` or an encoded
 * `&` between parameters, a second `?`, names encoded or in capitals. Of a repeated parameter the first non-empty value
 * counts. An address in a value, such as that of our own `redirectTo`, keeps its tags to itself.
 */
export function readTags(search: string): Tags {
  const pairs = search
    .replace(/^\?/, "")
    .replace(/&(?:(?:amp|#0*38|#x0*26)(?:;|%3b))+/gi, "&")
    .split("&")
    .flatMap(splitDamaged)
    .map(nameAndValue);
  return tagsOf(pairs, (key, value) => (isClickKey(key) ? value : value.replaceAll("+", " ")));
}

function splitDamaged(written: string): string[] {
  const [, value] = nameAndValue(written);
  if (addressWithQuery.test(value)) return [written];
  return splitBeforeTags(written, plainSeparator).flatMap((pair) =>
    isDamaged(pair) ? splitBeforeTags(pair.replace(/%26amp%3b/gi, "%26"), encodedAmpersand) : [pair],
  );
}

const splitBeforeTags = (pair: string, separator: RegExp): string[] =>
  pair.replace(separator, (found, name: string) => (keyOf(name) ? "&" : found)).split("&");

/** Whether an encoded `&` may part tags: after a tag, or where the equals sign is encoded as well. Other values keep it. */
function isDamaged(pair: string): boolean {
  const [name] = nameAndValue(pair);
  return keyOf(name) !== undefined || /^[\w.-]+%3d/i.test(pair);
}

function nameAndValue(pair: string): [name: string, value: string] {
  const [, name = pair, value = ""] = /^(.*?)(?:=|%3d)(.*)$/is.exec(pair) ?? [];
  return [name, value];
}

const keyOf = (name: string): TagKey | undefined => tagKeyOf(decodeTag(name) ?? "");

/**
 * The tags in cookies that have the parameters' names, and the numbers that Roistat's, Metrica's and Google's scripts store.
 * Some scripts put a value with spaces between quotation marks, as the oldest standard of cookies has it.
 */
export function readPlainTags(cookies: readonly Cookie[]): Tags {
  const roistat = cookies.flatMap(([name, value]): Cookie[] => (name === "roistat_visit" ? [["roistat", value]] : []));
  return tagsOf([...cookies, ...roistat, ...clientIdCookies(cookies)], (_, value) => value.replace(/^"(.*)"$/, "$1"));
}

function tagsOf(pairs: Iterable<[string, string]>, prepare = (_: TagKey, value: string) => value): Tags {
  const tags: Tags = {};
  for (const [name, raw] of pairs) {
    const key = keyOf(name);
    if (!key || tags[key]) continue;
    const value = cleanTag(key, decodeTag(prepare(key, raw)));
    if (value) tags[key] = value;
  }
  return tags;
}

/**
 * The value as stored: a click id whole or not at all, other tags cut at a whole character. Empty if nothing is to be
 * stored.
 */
export function cleanTag(key: TagKey, value: string | undefined): string {
  // What a wrong encoding has left, also where a program sends it: as in addresses, a gap is better.
  if (value === undefined || value.includes("\ufffd")) return "";
  if (isClientKey(key)) return cleanClientId(key, value);
  if (!isClickKey(key)) return cleanUtm(value);
  const text = cleanText(value.replace(/[\p{Cc}\p{Cs}]/gu, ""));
  return text === value && text.length <= maxClickIdCharacters ? text : "";
}

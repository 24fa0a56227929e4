import { domainToASCII, domainToUnicode } from "node:url";
import { cleanText } from "./clean-text";
import { percentDecoded } from "./percent";

/**
 * E-mail addresses in the one spelling that is stored, compared and sent to: lower case, an international domain in its
 * ASCII form (`xn--…`), which every mail server and CRM accepts. The local part may have what RFC 5322 allows without
 * quotes and, by RFC 6531, letters of any script. Quoted names and numeric hosts are rejected: they are legal, but in
 * practice always a mistake.
 */

const word = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~\\p{Join_Control}-]+";
const localPart = new RegExp(`^${word}(\\.${word})*$`, "u");
/** Letters, digits, hyphens and dots of any script; domainToASCII would also decode %61 and cut paths off. */
const domainCharacters = /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Join_Control}.\u3002\uff0e\uff61-]+$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** `"Anna" <anna@example.com>`, as mail programs copy it; other brackets and quotation marks occur in lists. */
const named = /^[^<>@]*<([^<>]+)>$/;
const quotes = ["''", '""', "``", "«»", "“”", "„“", "‘’", "()", "[]"];

/**
 * Removes what pasting adds: `mailto:`, a name, quotation marks, a trailing separator or full stop, fullwidth letters, the
 * signs of another form of the same letters, and what spreadsheets, chats and templates put in front. The look-behinds keep
 * an expression from beginning again at each of many blanks or dots.
 */
const unwrapped = (text: string): string =>
  withoutFront(
    cleanText(text)
      .replace(/\p{Variation_Selector}/gu, "")
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/^mailto:(?:\/\/)?([^?]*).*$/i, (_, address: string) => decoded(address))
      .replace(/(?<![;,.\s])[;,.\s]+$/, "")
      .replace(named, "$1")
      .replace(/^(?:e-?mail|почта|эл\. ?почта|адрес):\s*/iu, ""),
  ).replace(/(?<!\s)\s*@\s*/, "@");

/** A link's address is percent-encoded. As it is if it cannot be decoded. */
function decoded(address: string): string {
  const text = percentDecoded(address);
  return text === null ? address : cleanText(text);
}

const withoutQuotes = (text: string): string =>
  quotes.some((pair) => text.length > 2 && text.startsWith(pair[0] ?? "") && text.endsWith(pair[1] ?? ""))
    ? text.slice(1, -1).trim()
    : text;

/** The apostrophe of a spreadsheet, a sign. Of a name in apostrophes both are kept: 'anna'@example.com. */
const front = /^(?!'[^@]*'@)['`=/#]+(?=[\p{L}\p{N}])/u;

const withoutFront = (text: string): string => withoutQuotes(text.replace(/^e-?mail=/i, "")).replace(front, "");

/** In bytes, as mail servers count. */
const maxLocalPart = 64;

/** The address as stored; null if it is none. */
export function parseEmail(text: string): string | null {
  const address = unwrapped(text);
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at).toLowerCase(), asciiHost(address.slice(at + 1)) ?? ""];
  if (at < 1 || !localPart.test(local) || new TextEncoder().encode(local).length > maxLocalPart) return null;
  return domain.length <= 253 && asciiDomain.test(domain) ? `${local}@${domain}` : null;
}

/** Several times what a domain may have in any spelling: its ASCII form takes the longer to find, the more there is of it. */
const longestHost = 1_000;

/** The stored spelling of a domain or of some of its labels; null if it is invalid. */
export function asciiHost(host: string): string | null {
  const domain = host.length <= longestHost && domainCharacters.test(host) ? domainToASCII(host) : "";
  const isValid = domain !== "" && domain.split(".").every(isOwnSpelling);
  return isValid ? domain : null;
}

/**
 * Node 24 takes every label that begins with `xn--` as it is; Node 20 takes some that stand for plain letters, as
 * `xn--a-` does.
 */
function isOwnSpelling(label: string): boolean {
  if (!label.startsWith("xn--")) return true;
  const readable = domainToUnicode(label);
  return readable !== label && domainToASCII(readable) === label;
}

/** The address as people write it, for display: `ivan@почта.рф`. */
export function readableEmail(address: string): string {
  const at = address.lastIndexOf("@");
  if (!/(^|\.)xn--/.test(address.slice(at + 1))) return address;
  return address.slice(0, at + 1) + (domainToUnicode(address.slice(at + 1)) || address.slice(at + 1));
}

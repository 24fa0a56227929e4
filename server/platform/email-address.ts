import { domainToASCII, domainToUnicode } from "node:url";
import { cleanText } from "./clean-text";

/**
 * E-mail addresses in the one spelling in which they are stored, compared and sent to: lower case, an international
 * domain in its ASCII form (`xn--…`), which every mail server and CRM takes. Before the @ stands what RFC 5322 allows
 * without quotes, and with RFC 6531 letters of any script. Quoted names and numeric hosts are refused: they are legal,
 * and in practice always a slip.
 */

const word = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~\\p{Join_Control}-]+";
const localPart = new RegExp(`^${word}(\\.${word})*$`, "u");
/** Letters, digits, hyphens and dots of any script; the library below would also decode %61 and cut paths off. */
const domainCharacters = /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Join_Control}.\u3002\uff0e\uff61-]+$/u;
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** `"Anna" <anna@example.com>`, as mail programs copy it; other brackets and quotation marks as lists have them. */
const named = /^[^<>@]*<([^<>]+)>$/;
const quotes = ["''", '""', "``", "«»", "“”", "„“", "‘’", "()", "[]"];

/** Pasted from a link, a list or a mail program: `mailto:`, a name, quotation marks, the separator behind it, wide letters. */
const unwrapped = (text: string): string =>
  withoutQuotes(
    cleanText(text)
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/^mailto:([^?]*).*$/i, "$1")
      .replace(/[;,\s]+$/, "")
      .replace(named, "$1")
      .replace(/^(?:e-?mail|почта|эл\. ?почта|адрес):\s*/iu, ""),
  ).replace(/\s*@\s*/, "@");

const withoutQuotes = (text: string): string =>
  quotes.some((pair) => text.length > 2 && text.startsWith(pair[0] ?? "") && text.endsWith(pair[1] ?? ""))
    ? text.slice(1, -1).trim()
    : text;

/** In bytes, as mail servers count it. */
const maxLocalPart = 64;

/** The address as it is stored; null for what is none. */
export function parseEmail(text: string): string | null {
  const address = unwrapped(text);
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at).toLowerCase(), asciiHost(address.slice(at + 1)) ?? ""];
  if (at < 1 || !localPart.test(local) || new TextEncoder().encode(local).length > maxLocalPart) return null;
  return domain.length <= 253 && asciiDomain.test(domain) ? `${local}@${domain}` : null;
}

/** The stored spelling of a domain, or of some of its labels; null for what can be none. */
export const asciiHost = (host: string): string | null => (domainCharacters.test(host) && domainToASCII(host)) || null;

/** The address as people write it, for pages and lists: `ivan@почта.рф`. */
export function readableEmail(address: string): string {
  const at = address.lastIndexOf("@");
  if (!/(^|\.)xn--/.test(address.slice(at + 1))) return address;
  return address.slice(0, at + 1) + (domainToUnicode(address.slice(at + 1)) || address.slice(at + 1));
}

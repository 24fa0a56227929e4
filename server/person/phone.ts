import { parsePhoneNumberFromString } from "libphonenumber-js";
import { cleanText } from "../platform/clean-text";

export interface Phone {
  /** E.164. */
  number: string;
  /** Digits that are dialled once a switchboard has answered. */
  extension: string | null;
}

const extensionWords = "ext|extension|extn|x|int|доб|добавочный|внутр|внутренний|вн|х";
/** `, доб. 12`, `(ext: 12)`, `;ext=12`, `x12` at the end. */
const extension = new RegExp(
  `[\\s,;(]*(?:${extensionWords})[\\s.:=№#]*(?:номер)?\\s*([\\d０-９]{1,10})[\\s)#]*$`,
  "iu",
);
/** What stands before a number in a link, a signature or a list. */
const introduction = /^(?:tel|phone|mob|mobile|тел|телефон|моб|сот)[.:\s]+/i;

/**
 * A phone in any usual spelling. Without a country code it is taken for a Russian number; a country code may come
 * without its plus, with 00, or with the +8 that Russians type for their own 8. Null for what is no valid number.
 */
export function parsePhone(text: string): Phone | null {
  const typed = cleanText(text)
    .replace(introduction, "")
    .replace(/[;,.\s]+$/, "");
  const [, digits] = extension.exec(typed) ?? [];
  const main = typed
    .replace(extension, "")
    // Parameters of a tel: link say nothing that a number with its country code leaves open.
    .replace(/;[a-z-]+=.*$/i, "")
    .replace(/^\(/, "");
  for (const spelling of spellings(main)) {
    const parsed = parsePhoneNumberFromString(spelling, { defaultCountry: "RU", extract: false });
    if (parsed?.isValid()) return { number: parsed.number, extension: digits?.normalize("NFKC") ?? parsed.ext ?? null };
  }
  return null;
}

/** The number as typed, then what else it may mean. */
function spellings(typed: string): string[] {
  const bare = typed.replace(/^\s*(?:00|011)/, "");
  return typed.trimStart().startsWith("+") ? [typed, typed.replace(/^\s*\+8/, "8")] : [typed, `+${bare}`];
}

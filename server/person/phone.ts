import { type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js";
import { cleanText } from "../platform/clean-text";

export interface Phone {
  /** E.164. */
  number: string;
  /** Digits to dial after a switchboard has answered. */
  extension: string | null;
}

const extensionWords =
  "ext|extension|extn|x|int|interno|anexo|ramal|poste|durchwahl|dw|nebenstelle|nst|apparat|" +
  "доб|добав|добавочный|доп|дод|внутр|внутренний|внут|вн|в\\.\\s?н|д|х|тон|тоновый";
/** `, доб. 12`, `(ext: 12)`, `;ext=12`, `x12`, `тоновый набор 12` at the end. */
const byWord = new RegExp(
  `[\\s,;(]*(?:${extensionWords})[\\s.:=№#]*(?:номер|набор)?[\\s.:=№#]*(\\p{Nd}{1,10})[\\s)#]*$`,
  "iu",
);
/** `* 12`, `/ 12`, `p12` for a pause: an extension if the text before it is a complete number. */
const bySign = /^(.*\p{Nd}\)?)\s*[*/,;#pw-]+\s*(\p{Nd}{1,6})#?$/iu;

/** Words for the kind of a number or its use, as signatures, messengers and lists write them. */
const kinds =
  "tel|telephone|phone|mob|mobile|cell|work|home|office|fax|whatsapp|viber|telegram|wa|" +
  "тел|телефон|т|моб|мобильный|м|сот|сотовый|раб|рабочий|дом|домашний|ватсап|вотсап|вайбер|телеграм";
const introduction = new RegExp(`^(?:(?:${kinds})(?![\\p{L}])[.:\\s]*)+`, "iu");
const kindBehind = new RegExp(`[\\s,;(]+(?:${kinds})(?![\\p{L}])[.\\s)]*$`, "iu");
const link = /^(?:(?:tel|callto):(?:\/\/)?|(?:https?:\/\/)?(?:wa\.me|t\.me)\/)/i;
/** No number with its surrounding words is longer, and the expressions would be slow on longer text. */
const maxTyped = 200;
/** Quotation marks, emoji and signs around a number; a plus and brackets belong to it. */
const around = /^[^\p{L}\p{Nd}+＋(]+|[^\p{L}\p{Nd})#]+$/gu;

/**
 * Parses a phone in any usual spelling. Without a country code it is taken for a Russian number; a country code may
 * come without its plus, with 00, or with the +8 that Russians type for their own 8. Null if it is no valid number.
 */
export function parsePhone(text: string): Phone | null {
  if (text.length > maxTyped) return null;
  const typed = tidy(cleanText(text));
  const [, digits] = byWord.exec(typed) ?? [];
  const main = numberOf(typed.replace(byWord, ""));
  if (main) return { number: main.number, extension: digits?.normalize("NFKC") ?? main.ext ?? null };
  const [, before = "", behind] = bySign.exec(typed) ?? [];
  const switchboard = numberOf(before);
  return switchboard && behind ? { number: switchboard.number, extension: behind.normalize("NFKC") } : null;
}

const tidy = (text: string): string =>
  text
    .replace(around, "")
    .replace(link, "")
    .replace(introduction, "")
    .replace(kindBehind, "")
    .replace(/[[\]{}_|]/g, " ")
    .replace(around, "");

function numberOf(text: string): PhoneNumber | null {
  const bare = text
    // Parameters of a tel: link add nothing to a number with its country code.
    .replace(/;[a-z-]+=.*$/i, "")
    .replace(/^\(/, "");
  for (const spelling of spellings(bare)) {
    const parsed = parsePhoneNumberFromString(spelling, { defaultCountry: "RU", extract: false });
    if (parsed?.isValid() && !isTooLong(parsed)) return parsed;
  }
  return null;
}

/** The library accepts Russian service numbers of 14 digits; a number with its extension could pass for one. */
const isTooLong = ({ countryCallingCode, nationalNumber }: PhoneNumber) =>
  countryCallingCode === "7" && nationalNumber.length > 10;

/** The number as typed, then other readings of it. */
function spellings(typed: string): string[] {
  const plain = typed.trim().replace(/^[+＋]+\s*(?=[+＋])/, "");
  const bare = plain.replace(/^(?:00|011)/, "");
  // The form's prefilled +7 or 8, followed by a number that has its own.
  const [, second] = /^[+＋]?[78][\s-]*([+＋]?[78].*)$/.exec(plain) ?? [];
  return [
    ...(/^[+＋]/.test(plain) ? [plain, plain.replace(/^[+＋]8/, "8")] : [plain, `+${bare}`]),
    ...(second ? [second] : []),
  ];
}

import { type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js";
import { cleanText } from "../platform/clean-text";
import { percentDecoded } from "../platform/percent";
import { westernDigits } from "../platform/western-digits";
import { personFields } from "./fields";
import { isKnown, isMistyped, splitsGroup } from "./mistyped-phone";

export interface Phone {
  /** E.164. */
  number: string;
  /** Digits to dial after a switchboard has answered. */
  extension: string | null;
}

const extensionWords =
  "ext|extension|extn|x|int|interno|anexo|ramal|poste|durchwahl|dw|nebenstelle|nst|apparat|" +
  "доб|добав|добавочный|доп|дод|внутр|внутренний|внут|вн|в\\.\\s?н|д|х|тон|тоновый";
/** Separators in signatures, and of an extension in some. */
const dots = "·•‧∙⁃~";
/** `, доб. 12`, `(ext: 12)`, `;ext=12`, `x12`, `тоновый набор 12` at the end. */
const byWord = new RegExp(
  `[\\s,;(${dots}]*(?:${extensionWords})[\\s.:=№#]*(?:номер|набор)?[\\s.:=№#]*(\\d{1,10})[\\s)#]*$`,
  "iu",
);
/**
 * `* 12`, `/ 12`, `p12` for a pause: an extension if the text before it is a complete number. The end of `123-45-67` is
 * none: before it stands the code of another country.
 */
const bySign = /^(?!.*\D\d{3}[\s-]\d\d-\d\d$)(.*\d\)?)\s*[*/,;#pw-]+\s*(\d{1,6})#?$/i;

/** A single dot before a few digits: `1234567 • 12`. */
const byDot = new RegExp(`^([^${dots}]*\\d\\)?)\\s*[${dots}]\\s*(\\d{1,6})$`, "u");
const anyDot = new RegExp(`[${dots}]`, "g");

/** Words for the kind of a number or its use, as signatures, messengers and lists write them; one or several. */
const kinds =
  "(?:tel|telephone|phone|mob|mobile|cell|work|home|office|fax|whats\\s?app|viber|telegram|wa|tg|max|" +
  "тел|телефон|т|моб|мобильный|м|сот|сотовый|раб|рабочий|дом|домашний|ватсап|вотсап|вайбер|телеграмм?|тг|макс)(?!\\p{L})";
const joined = "(?:(?:и|или|and|or)(?!\\p{L})\\s*)?";
const introduction = new RegExp(`^\\(*(?:${kinds}[.:,/&)\\s]*${joined})+`, "iu");
const kindBehind = new RegExp(`[\\s,;(/]+${kinds}(?:[.,;/&+()\\s]*${joined}${kinds})*[.\\s)]*$`, "iu");
/** Links of telephones and messengers, whose number may be percent-encoded and followed by other parameters. */
const link =
  /^(?:(?:tel|callto|sms|smsto):(?:\/\/)?|(?:https?:\/\/)?(?:wa\.me|t\.me)\/|(?:(?:https?:\/\/)?(?:api\.|web\.)?whatsapp\.com\/|whatsapp:\/\/)send\/?\?phone=|viber:\/\/(?:chat|add)\/?\?number=)(.*)$/i;
/** Digits alone, or in groups of thousands, with decimals or without. */
const sheetNumber = /^(\+?)(\d{10,15}|\d{1,3}([ ,.'’\u00a0\u202f])\d{3}(?:\3\d{3}){2,3})(?:[.,]0+)?$/;
/** Quotation marks, emoji and signs around a number; a plus and brackets belong to it. */
const around = /^[^\p{L}\p{Nd}+＋(]+|[^\p{L}\p{Nd})#]+$/gu;

/**
 * Parses a phone in any usual spelling. Without a country code it is taken for a Russian number; a country code may
 * come without its plus, with 00, or with the +8 that Russians type for their own 8. Null if it can be no number.
 */
export function parsePhone(text: string): Phone | null {
  // The expressions would be slow on longer text.
  if (text.length > personFields.phone.longestTyped) return null;
  const typed = withoutNotation(tidy(westernDigits(cleanText(text))));
  const [, digits] = byWord.exec(typed) ?? [];
  const [, before = "", behind] = bySign.exec(typed) ?? [];
  const [, head = "", tail] = byDot.exec(typed) ?? [];
  const dotted = existingNumber(head);
  if (dotted && tail) {
    // Where the longer number exists as well, only the person can say which one is meant.
    return existingNumber(typed) ? null : withOneExtension(dotted, tail);
  }
  // Only what no existing number explains may be one of a range that is not known here.
  for (const read of [existingNumber, possibleNumber]) {
    const main = read(typed.replace(byWord, ""));
    if (main) return withOneExtension(main, digits);
    const switchboard = read(before);
    if (switchboard && behind) return withOneExtension(switchboard, behind);
  }
  return null;
}

/** Null if the number has another extension already: `доб. 101, 102`. Which one is meant, only the person can say. */
const withOneExtension = ({ number, ext }: PhoneNumber, extension: string | undefined): Phone | null =>
  ext !== undefined && extension !== undefined ? null : { number, extension: extension ?? ext ?? null };

const tidy = (text: string): string =>
  text
    .replace(around, "")
    .replace(link, (_, number: string) => withoutParameters(number))
    .replace(introduction, "")
    .replace(kindBehind, "")
    .replace(/[[\]{}_|]/g, " ")
    .replace(around, "");

/**
 * The digits of a phone that a spreadsheet took for a number: 79161234567.0, 79 161 234 567,00. With such decimals glued on,
 * a Russian number would be one of India.
 */
const withoutNotation = (text: string): string =>
  text.replace(sheetNumber, (_, plus: string, whole: string) => plus + whole.replace(/\D/g, ""));

const withoutParameters = (number: string): string =>
  (percentDecoded(number) ?? number).replace(/[?&].*$/, "").replace(/\/$/, "");

const plain = (text: string): string =>
  text
    // The library would take a wide plus for nothing, and the number for a Russian one.
    .replace(/＋/g, "+")
    .replace(anyDot, " ")
    // Parameters of a tel: link add nothing to a number with its country code.
    .replace(/;[a-z-]+=.*$/i, "")
    .replace(/^\(/, "");

const parse = (spelling: string): PhoneNumber | undefined =>
  parsePhoneNumberFromString(spelling, { defaultCountry: "RU", extract: false });

function existingNumber(text: string): PhoneNumber | null {
  for (const spelling of spellings(plain(text))) {
    const parsed = parse(spelling);
    if (parsed?.isValid() && !isMistyped(parsed, spelling)) return parsed;
  }
  return null;
}

/**
 * A number with its country code whose length fits the country. Countries open ranges faster than the library learns of
 * them, and set ranges aside for examples (+1 555, +44 7700 900). Zeros and a single digit repeated are no number: they
 * are typed by people who want to give none.
 */
function possibleNumber(text: string): PhoneNumber | null {
  const typed = plain(text).trim();
  const parsed = parse(typed.replace(/^(?:00|011)(?=[\s\p{Pd}(]*[1-9])/u, "+"));
  if (!parsed?.isPossible() || isMistyped(parsed, typed) || !/^(?:\+|00|011)/.test(typed)) return null;
  // A Russian number after whose plus the 7 is missing: +916 555-44-33 is no short number in India.
  const digits = typed.replace(/\D/g, "");
  if (digits.length === 10 && parse(digits)?.isValid()) return null;
  return /^0|^(\d)\1+$/.test(parsed.nationalNumber) ? null : parsed;
}

/** The number as typed, then other readings of it. */
function spellings(typed: string): string[] {
  const trimmed = typed.trim().replace(/^\++\s*(?=\+)/, "");
  // Mexico no longer dials the 1 that its mobile numbers had behind the country code.
  if (/^\+52\D*1(?:\D*\d){10}$/.test(trimmed)) return [trimmed.replace(/1/, "")];
  // The form's prefilled +7 or 8, followed by a number that has its own.
  const [, second] = /^\+?[78][\s-]*(\+?[78].*)$/.exec(trimmed) ?? [];
  return [
    ...(trimmed.startsWith("+") ? [trimmed, trimmed.replace(/^\+8/, "8")] : [trimmed, ...withCountryCode(trimmed)]),
    ...(second && isKnown(second) ? [second] : []),
  ];
}

/** What the library, or a reader, takes for an extension: its digits are none of the number. */
const extensionLike = /(?:[#,;*x].*|\s*(?:\/|\s\p{Pd})\s*\d{1,6}|\s*\(\d+\))$/iu;

/**
 * A number whose country code has no plus. A shorter one is rather a Russian number in which a digit is missing: 495 123-45-6
 * would be one of Germany, 8 612 345-67 one of China.
 */
function withCountryCode(text: string): string[] {
  if (/^(?:00|011)/.test(text)) return [`+${text.replace(/^(?:00|011)/, "")}`];
  const number = text.replace(extensionLike, "");
  const digits = number.replace(/\D/g, "");
  const code = parse(`+${text}`)?.countryCallingCode ?? "";
  return digits.length >= (digits.startsWith("8") ? 11 : 10) && !splitsGroup(number, code.length) ? [`+${text}`] : [];
}

import type { PhoneNumber } from "libphonenumber-js";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/**
 * Numbers with a digit too few or too many. The library's small tables know only how long a number is and how it begins, so
 * that to them the 8 that Russians dial first is the first digit of a short number, and the first digits of a long one are
 * another country's code.
 */

/** By the library's full tables, which are behind the ranges that countries open. */
export const isKnown = (spelling: string): boolean =>
  parsePhoneNumberFromString(spelling, { defaultCountry: "RU", extract: false })?.isValid() === true;

/** As no number of Russia or Kazakhstan begins: an 8 or 7, and behind it a mobile phone, a free call, Moscow. */
const remains = /^(?:[78]9|88|849)/;

/** A 7 or 8 apart from the nine digits behind it. */
const apart = /(?:^|\D)[78]\D+(?:\d\D*){9}$/;

/**
 * A 7 apart from the rest of its code, as codes of Kazakhstan are written: 8 7 01 234 56 78. Behind it stand the two other
 * digits alone, or one that begins no code.
 */
const codeApart = /[78]\D+7\D+\d\d\D+(?:\d\D*){7}$|7\D+[01256]\D*(?:\d\D*){8}$/;

/** `number` is what the library reads in `spelling`. */
export function isMistyped(number: PhoneNumber, spelling: string): boolean {
  const { countryCallingCode, nationalNumber, ext = "" } = number;
  const typed = ext === "" ? spelling : spelling.replace(/\d+\D*$/, "");
  // An 8 apart is what Russians dial first, also behind a plus, and no part of the code of Bangladesh or Taiwan.
  if (/^\+8\D/.test(typed)) return true;
  const behindCode = typed.replace(/^\+7\D*/, "");
  const before = behindCode.replace(/\D/g, "").length - nationalNumber.length;
  if (!behindCode.startsWith("+") && splitsGroup(behindCode, before)) return true;
  if (countryCallingCode !== "7") return false;
  // The library takes Russian service numbers of 14 digits; a number with its extension could pass for one.
  if (nationalNumber.length > 10 || remains.test(nationalNumber)) return true;
  if (apart.test(typed) && !(codeApart.test(typed) && isKnown(`+7${nationalNumber}`))) return true;
  // With neither +7 nor 8 in front it may be a number of another country, and with both a digit may be too many. Every range
  // of mobile phones begins with 9.
  const isDoubtful = before === (behindCode === typed ? 0 : 1) && !nationalNumber.startsWith("9");
  return isDoubtful && !isKnown(`+7${nationalNumber}`);
}

/** A first group of three in brackets, or with the hyphens of a number of Russia behind it: such a group is a code. */
const codeInFront = /^\D*\d{3}(?:\)|\D+\d{3}-\d\d-\d\d(?!\d))/;

/** As no number of Russia goes on behind its code; one digit alone at the end is rather the one too many. */
const pairBehind = /^\D*\d{3}\D+\d\d\D.*\d\d\D*$/;

/**
 * Whether so many digits before the number itself, the code of a country or the 8, end within a first group of three, and
 * the number is one of Russia with a digit too many: 926 123-45-67-8 is no number of Pakistan. Some write a number in groups
 * of three from its beginning, 880 055 535 35, or a country's code together with what follows it, 336 12 34 56 78.
 */
export function splitsGroup(typed: string, before: number): boolean {
  const [, group = ""] = /^\D*(\d+)/.exec(typed) ?? [];
  if (group.length !== 3 || before < 1 || before > 2) return false;
  const digits = typed.replace(/\D/g, "");
  const isRussian = digits.length === 11 && /^[78]/.test(digits) && isKnown(`+7${digits.slice(1)}`);
  if (isRussian && !/\D\d\D*$/.test(typed)) return false;
  const isDoubtful = codeInFront.test(typed) || (digits.length === 11 && !pairBehind.test(typed));
  return isDoubtful && isKnown(`+7${digits.slice(0, 10)}`);
}

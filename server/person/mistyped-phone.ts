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
  if (nationalNumber.length > 10 || remains.test(nationalNumber) || apart.test(typed)) return true;
  // With neither +7 nor 8 in front it may be a number of another country, and with both a digit may be too many. Every range
  // of mobile phones begins with 9.
  const isDoubtful = before === (behindCode === typed ? 0 : 1) && !nationalNumber.startsWith("9");
  return isDoubtful && !isKnown(`+7${nationalNumber}`);
}

/**
 * Whether so many digits before the number itself, the code of a country or the 8, end within a first group of three:
 * 926 123-45-67-8 is no number of Pakistan. Some write theirs in groups of three from its beginning: 891 612 345 67.
 */
export function splitsGroup(typed: string, before: number): boolean {
  const [, group = ""] = /^\D*(\d+)/.exec(typed) ?? [];
  return group.length === 3 && before > 0 && before < 3 && !/^[78]9/.test(group);
}

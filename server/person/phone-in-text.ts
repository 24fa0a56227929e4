import { parsePhoneNumberFromString } from "libphonenumber-js";
import { westernDigits } from "../platform/western-digits";

/** So many digits at the end name one phone, also without the code of its country. */
const fewestDigits = 7;

/** A longer number may begin with digits that people leave out, such as the 9 of Argentina's mobile phones. */
const mostDigits = 10;

/**
 * Whether a text holds the phone, which is given as stored: with or without its country's code, with any signs between the
 * digits, or nothing but the number's end.
 */
export function holdsPhone(text: string, phone: string): boolean {
  const digits = phone.replace(/\D/g, "");
  const typed = westernDigits(text).replace(/\D/g, "");
  const national = withoutCode(phone, digits);
  if (typed.length < fewestDigits || national.length < fewestDigits) return false;
  return digits.endsWith(typed) || typed.includes(national);
}

/** With the code where the number alone is so short that it may be a part of any other. */
function withoutCode(phone: string, digits: string): string {
  const national = parsePhoneNumberFromString(phone)?.nationalNumber ?? "";
  return (national.length < fewestDigits ? digits : national).slice(-mostDigits);
}

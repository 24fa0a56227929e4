import { westernDigits } from "../platform/western-digits";
import { parsePhone } from "./phone";

/** Seven digits or more, with what people put between the digits of a phone number. */
const runs = /(?:\+[\s(]*|\()?(?<!\d)\d(?:[\s()+.-]*\d){6,}/gu;
/** Groups as phone numbers have them: `8 (999) …`, `123-45-67`, `916 555 4433`. No date has such. */
const phoneGroups =
  /\(\d{3,5}\)|(?<!\d)\d{3}[\s.-]+\d{2}[\s.-]+\d{2}(?!\d)|(?<!\d)\d{3}[\s.-]+\d{3}[\s.-]+\d{4}(?!\d)/u;
const uuid = /(?<![\da-f])[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\da-f])/giu;

/**
 * Whether a name holds a phone number. Programs and testers put times, counters and identifiers behind names, so many
 * digits alone are none: it must be spelt as a phone, or be a number that exists.
 */
export function hasPhone(name: string): boolean {
  const text = westernDigits(name).replace(uuid, " ");
  return [...text.matchAll(runs)].some(({ 0: run, index }) => {
    if (run.startsWith("+") || phoneGroups.test(run)) return true;
    const digits = run.replace(/\D/g, "");
    const number = parsePhone(run)?.number;
    if (!number) return false;
    // As Russians dial it; nobody counts in eleven digits that begin so.
    if (/^[78]\d{10}$/.test(digits) && number.startsWith("+7")) return true;
    const isGlued =
      /[\p{L}\p{N}_-]$/u.test(text.slice(0, index)) || /^[\p{L}\p{N}_-]/u.test(text.slice(index + run.length));
    const isPlain = /^\s*\d+$/.test(run);
    return !isGlued && (number.startsWith("+7") ? digits.length >= 10 : isPlain && digits.length >= 11);
  });
}

import { cleanText } from "./clean-text";

const maxCharacters = 255;

/** A UTM tag as it is stored: cleaned, and cut at a whole character. Empty if nothing is to be stored. */
export function cleanUtm(value: string): string {
  const text = cleanText(value.replace(/[\p{Cc}\p{Cs}]/gu, ""));
  return text.length <= maxCharacters ? text : [...text].slice(0, maxCharacters).join("").trim();
}

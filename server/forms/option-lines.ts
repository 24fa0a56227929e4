import { cleanText } from "../platform/clean-text";
import type { QuestionOption } from "./definition";

/** Options as administrators type them, one a line: `Large`, `Large | Большой`, or `l = Large | Большой`. */

export const optionLines = (options: QuestionOption[]): string =>
  options
    .map(({ value, label: { en, ru } }) => {
      const words = ru && ru !== en ? `${en} | ${ru}` : en;
      return value === (en || ru) ? words : `${value} = ${words}`;
    })
    .join("\n");

/**
 * Cleaned like the answers that are compared with them. What is stored of a line without a value of its own is its first words. Two lines with the
 * same value become one.
 */
export function readOptions(text: string): QuestionOption[] {
  const options = text.split(/\r?\n/).flatMap((line): QuestionOption[] => {
    const [, named, words = ""] = /^(?:([^=|]*)=)?(.*)$/.exec(line) ?? [];
    const [en = "", ru = ""] = words.split("|").map(cleanText);
    const value = cleanText(named ?? "") || en || ru;
    return value ? [{ value, label: { en, ru } }] : [];
  });
  return [...new Map(options.map((option) => [option.value, option])).values()];
}

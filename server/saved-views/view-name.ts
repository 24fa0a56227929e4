import { cleanText, hasUnfitCharacters, isBlank } from "../platform/clean-text";

/** Fits on one line of a phone. */
export const maxViewName = 40;

export type NameProblem = "blank" | "long" | "unfit";

/** A view's name as it is stored. Loaded by the browser, for the longest name. */
export function readName(typed: string): { name: string } | { problem: NameProblem } {
  if (hasUnfitCharacters(typed)) return { problem: "unfit" };
  const name = cleanText(typed).replace(/\s+/g, " ");
  if (isBlank(name)) return { problem: "blank" };
  return [...name].length > maxViewName ? { problem: "long" } : { name };
}

import { cleanText } from "../platform/clean-text";
import { withoutGuard } from "../platform/formula-guard";

/**
 * Undoes what spreadsheets and exports do to a cell's text: a guard against formulas, a formula that only holds a text,
 * a number in their own notation.
 */

/** Removes the apostrophe that keeps "+7…" from being a formula, or the formula that keeps digits a text. */
export function cellText(cell: string): string {
  const text = /^="((?:[^"]|"")*)"$/.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
  const unguarded = withoutGuard(text);
  // What stands behind the apostrophe was no formula to the program that wrote it.
  return unguarded === text ? text.replace(/^=(?=\+?\d+$)/, "") : unguarded;
}

/**
 * A word, number or date without what is not part of it: characters that are not drawn, the mark that turns a tick into an
 * emoji, and the apostrophe that keeps a date a text.
 */
export const plainCell = (text: string): string =>
  cleanText(text)
    .replace(/\ufe0f/g, "")
    .replace(/^'(?=\d)/, "");

/** Digits were lost by a spreadsheet's rounding: 7.92E+10 says nothing about the last eight digits. */
export const rounded = Symbol("rounded");

/**
 * The digits of a phone that a spreadsheet wrote with a power of ten: 7.9161234567E+10. Any other text is returned
 * unchanged: `parsePhone` reads the other notations of spreadsheets.
 */
export function phoneText(text: string): string | typeof rounded {
  const [, sign = "", whole = "", fraction = "", exponent = ""] =
    /^([+']?)(\d)(?:[.,](\d+))?E\+?(\d{1,3})$/i.exec(text) ?? [];
  if (whole === "") return text;
  const digits = withoutTrailing(fraction, Number(exponent));
  return digits === undefined || digits.length < Number(exponent) ? rounded : `${sign}${whole}${digits}`;
}

/** The first `length` digits of the fraction; undefined unless only zeros follow them. */
function withoutTrailing(fraction: string, length: number): string | undefined {
  return /^0*$/.test(fraction.slice(length)) ? fraction.slice(0, length) : undefined;
}

/** Several e-mails or phones in one cell, as Google, Bitrix24 and people write them. */
export const partsOf = (kind: "email" | "phone", text: string): string[] =>
  text
    .split(kind === "email" ? /:::|[,;|\s]+/ : /:::|[,;|\n]|\s\/\s|\s{1,9}(?=\+|[78]\d{10}\b)/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** The first of several e-mails or phones in one cell. */
export function firstOf(kind: "email" | "phone", text: string): string {
  const parts = partsOf(kind, text);
  const whole = (part: string) => (kind === "email" ? part.includes("@") : part.replace(/\P{Nd}/gu, "").length >= 10);
  return parts.length > 1 && parts.every(whole) ? (parts[0] ?? text) : text;
}

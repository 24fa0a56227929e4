/**
 * Undoes what spreadsheets and exports do to a cell's text: a guard against formulas, a formula that only holds a text,
 * a number in their own notation.
 */

/** Removes the apostrophe that keeps "+7…" from being a formula, and the formula that keeps digits a text. */
export function cellText(cell: string): string {
  const text = /^="((?:[^"]|"")*)"$/.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
  return text.replace(/^'(?=[=+\-@\t\r＝＋－＠])/, "").replace(/^=(?=\+?\d+$)/, "");
}

/** Digits were lost by a spreadsheet's rounding: 7.92E+10 says nothing about the last eight digits. */
export const rounded = Symbol("rounded");

/**
 * The digits of a phone that a spreadsheet took for a number: 79161234567.0, 7.9161234567E+10, 79 161 234 567. Any
 * other text is returned unchanged.
 */
export function phoneText(text: string): string | typeof rounded {
  const sign = /^[+']?/.exec(text)?.[0] ?? "";
  const number = text.slice(sign.length);
  const power = /^(\d)(?:[.,](\d+))?E\+?(\d{1,3})$/i.exec(number);
  if (power) {
    const [, whole = "", fraction = "", exponent = ""] = power;
    const digits = withoutTrailing(fraction, Number(exponent));
    return digits === undefined || digits.length < Number(exponent) ? rounded : `${sign}${whole}${digits}`;
  }
  const grouped = /^\d{1,3}(?:([ ,.'’\u00a0\u202f])\d{3})(?:\1\d{3})+(?:[.,]0+)?$/.exec(number);
  if (grouped) return sign + number.replace(/[.,]0{1,2}$/, "").replace(/\D/g, "");
  return sign + number.replace(/^(\d{10,15})[.,]0+$/, "$1");
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
  const whole = (part: string) => (kind === "email" ? part.includes("@") : part.replace(/\D/g, "").length >= 10);
  return parts.length > 1 && parts.every(whole) ? (parts[0] ?? text) : text;
}

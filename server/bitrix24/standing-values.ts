/** Types whose empty fields the portal shows as nought, "no" or an amount without a number. */
const shownAsNought = new Set(["boolean", "char", "integer", "double", "money", "enumeration"]);

const isNought = (written: string): boolean => written === "N" || /^(0+([.,]0+)?)?(\|[A-Z]*)?$/.test(written);

/** What the portal shows in a field of this type, each of several values as a text; none for an empty field. */
export function shownValues(type: string | undefined, value: unknown): string[] {
  if (value === undefined || value === null || value === false || value === 0) return [];
  if (typeof value === "object") return Object.values(value).flatMap((each) => shownValues(type, each));
  const written = String(value).trim();
  return written === "" || (shownAsNought.has(type ?? "") && isNought(written)) ? [] : [written];
}

/** Whether one of the former values still stands, alone or within a longer text. */
export const holdsFormer = (now: string[], former: string[]): boolean =>
  now.some((text) => former.some((value) => text === value || (value.length > 2 && text.includes(value))));

/** Details of people have few words. */
const mostWords = 4;
const number = /\+?\d[\d\s().-]{5,}\d/g;

/** The text, its words and neighbouring words together, and what may be a phone in any spelling. */
export function wordsOf(text: string): string[] {
  const words = text
    .split(/[^\p{L}\p{N}@.+_'’-]+/u)
    .map((word) => word.replace(/^[.'’-]+|(?<![.'’-])[.'’-]+$/g, ""))
    .filter(Boolean);
  const phrases = words.flatMap((_, start) =>
    Array.from({ length: mostWords }, (_, more) => words.slice(start, start + more + 1).join(" ")),
  );
  return [...new Set([text, ...phrases, ...(text.match(number) ?? [])])];
}

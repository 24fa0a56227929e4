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

/** The text and each of its words. */
export const wordsOf = (text: string): string[] => [
  text,
  ...text.split(/[^\p{L}\p{N}@.+_'’-]+/u).map((word) => word.replace(/^[.'’-]+|[.'’-]+$/g, "")),
];

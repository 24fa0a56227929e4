import { answerKey } from "./field-map";

/**
 * The template of deal titles: text with placeholders in braces. Free of the server's modules, since the page explains
 * the placeholders.
 */

export const placeholders = [
  "name",
  "firstName",
  "lastName",
  "company",
  "email",
  "phone",
  "product",
  "price",
  "number",
  "utm_source",
  "utm_medium",
  "utm_campaign",
] as const;
export type Placeholder = (typeof placeholders)[number];

/** The portal's titles have 255 characters. */
export const maxTitle = 255;

export const usualTitle = "{name} — {product}";

/** Why a template cannot be used; `text` is the offending part. */
export interface TitleFault {
  code: "unknown" | "brace" | "macro" | "long" | "fixed";
  text: string;
}

const placeholder = /\{([^{}]*)\}/g;
/** Besides these, `{answer.KEY}` is the answer to a question of the owner's own. */
const isPlaceholder = (name: string): boolean => placeholders.some((each) => each === name) || answerKey(name) !== null;

/** The keys of the questions whose answers a text with placeholders names. */
export const answersIn = (template: string): string[] =>
  [...template.matchAll(placeholder)].flatMap(([, name = ""]) => answerKey(name) ?? []);

/** The first fault of a text with placeholders, of whatever use; null if it can be filled in. `further`: more placeholders. */
export function templateFault(
  template: string,
  { max, further = [] }: { max: number; further?: readonly string[] },
): { code: "unknown" | "brace" | "long"; text: string } | null {
  if (template.length > max) return { code: "long", text: String(template.length) };
  const names = [...template.matchAll(placeholder)].map(([, name = ""]) => name);
  const unknown = names.find((name) => !isPlaceholder(name) && !further.includes(name));
  if (unknown !== undefined) return { code: "unknown", text: `{${unknown}}` };
  const brace = /[{}]/.exec(template.replace(placeholder, ""))?.[0];
  return brace ? { code: "brace", text: brace } : null;
}

/** The first fault of a title's template; null if it can be used. */
export function titleFault(template: string): TitleFault | null {
  const fault = templateFault(template, { max: maxTitle });
  if (fault) return fault;
  const rest = template.replace(placeholder, "");
  // The portal expands these words inside batch commands, so that each registration would need requests of its own.
  const macro = /\$(result|next|total|time|error)/i.exec(rest)?.[0];
  if (macro) return { code: "macro", text: macro };
  if (rest === template) return { code: "fixed", text: template };
  return null;
}

/** Stands for a placeholder without a value; not among the characters that people can save. */
const nothing = "\u0000";
const separator = "(?:\\s*[—–|,;:·/-]+\\s*|\\s+)?";
const leading = new RegExp(`^(?:${nothing}${separator})+`);
const dashes = new Set("—–|,;:·/-");

/**
 * Fills in a template in one pass, so that a value with braces in it is no placeholder. The separator beside an empty
 * value is left out with it.
 */
export function fillTitle(
  template: string,
  values: Record<Placeholder, string> & { [answer: string]: string | undefined },
): string {
  const filled = template.replace(placeholder, (whole, name: string) =>
    isPlaceholder(name) || Object.hasOwn(values, name) ? values[name]?.replaceAll(nothing, "") || nothing : whole,
  );
  const pieces = filled.replace(leading, "").split(nothing);
  return pieces
    .map((piece, place) => (place < pieces.length - 1 ? withoutSeparator(piece) : piece))
    .join("")
    .trim();
}

/** The text without a separator at its end. By hand: an expression would begin again at each of many blanks in an answer. */
function withoutSeparator(text: string): string {
  const words = text.trimEnd();
  let end = words.length;
  while (dashes.has(words[end - 1] ?? "")) end -= 1;
  return words.slice(0, end).trimEnd();
}

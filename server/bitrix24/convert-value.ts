import { answerKey, type SourceKind, sourceKindOf } from "../platform/field-map";
import { dayIn } from "../platform/time-zone";
import { fitted, isTooLong } from "./field-lengths";
import type { PersonAnswer } from "./person";
import type { PortalField } from "./sent-fields";
import { clipText, maxFieldLength } from "./transport/safe-text";

/** As long as an answer may be. */
const maxText = 5_000;
const maxInteger = 2_147_483_647;

/** The kinds of values that a type of field takes. Constants are tried with their own text. Other types take nothing. */
const takes: Record<string, readonly SourceKind[]> = {
  string: ["text", "link", "number", "date", "choice", "choices", "flag"],
  text: ["text", "link", "number", "date", "choice", "choices", "flag"],
  url: ["link"],
  integer: ["number"],
  double: ["number"],
  money: ["number"],
  date: ["date"],
  datetime: ["date"],
  enumeration: ["text", "choice", "choices", "flag"],
  boolean: ["flag"],
  char: ["flag"],
};

/** Whether the portal's type of field can be filled from here at all. */
export const isFillable = ({ type }: PortalField): boolean => Object.hasOwn(takes, type);

/** The kinds of answers, by the keys of their questions. */
export type AnswerKinds = ReadonlyMap<string, SourceKind>;

/**
 * Whether values of this source can go to this field; for a constant, whether this text can. Where the questions are not
 * known, an answer may go to every field that takes anything: each answer is tried when it is sent.
 */
export function fits(
  source: string,
  constant: string | undefined,
  field: PortalField,
  zone: string,
  answers?: AnswerKinds,
): boolean {
  if (constant !== undefined) return convertValue(constant, field, zone) !== null;
  const key = answerKey(source);
  if (key !== null) return answers ? fitsAnswer(answers.get(key), field) : isFillable(field);
  const kind = sourceKindOf(source);
  return kind !== undefined && (takes[field.type]?.includes(kind) ?? false);
}

/** Several choices go to a list only if that takes several. */
const fitsAnswer = (kind: SourceKind | undefined, { type, multiple }: PortalField): boolean =>
  kind !== undefined &&
  (takes[type]?.includes(kind) ?? false) &&
  !(kind === "choices" && type === "enumeration" && !multiple);

/** The value as the field takes it; null if it cannot be stored there whole. */
export function convertValue(text: string, field: PortalField, zone: string): unknown {
  const value = convertOne(text.trim(), field, zone);
  if (value === null) return null;
  return field.multiple ? [value] : value;
}

/**
 * An answer as the field takes it; null if it cannot be stored there whole. A text field has the words that were read;
 * any other field is tried with every spelling of the answer, since a list on the portal may be in either language.
 */
export function convertAnswer({ texts, spellings }: PersonAnswer, field: PortalField, zone: string): unknown {
  const isText = field.type === "string" || field.type === "text";
  const one = (text: string | undefined, others: string[] = []) => {
    for (const each of isText ? [text ?? ""] : others) {
      const value = convertOne(each.trim(), field, zone);
      if (value !== null) return value;
    }
    return null;
  };
  if (!field.multiple) {
    if (texts.length > 1) return isText ? one(texts.join(", ")) : null;
    return one(texts[0], spellings[0]);
  }
  const values = texts.map((text, index) => one(text, spellings[index]));
  return values.length > 0 && !values.includes(null) ? values : null;
}

function convertOne(text: string, { name, type, items }: PortalField, zone: string): string | number | null {
  if (text === "") return null;
  switch (type) {
    case "string":
      // A single-line field may cut the text, and half a click id is useless.
      return isTooLong(name, text) ? null : fitted(name, text) || null;
    case "text":
      return text.length > maxText ? null : clipText(text, maxText).text || null;
    case "url":
      return /^https?:\/\/\S+$/i.test(text) && text.length <= maxFieldLength ? clipText(text).text : null;
    case "integer":
      return /^-?\d{1,10}$/.test(text) && Math.abs(Number(text)) <= maxInteger ? Number(text) : null;
    case "double":
      return numberOf(text);
    case "money": {
      const amount = numberOf(text);
      return amount === null ? null : `${amount}|USD`;
    }
    case "boolean":
    case "char":
      return flagOf(text);
    case "date":
      return dateOf(text, zone)?.day ?? null;
    case "datetime":
      return dateOf(text, zone)?.moment ?? null;
    case "enumeration":
      return items.find(({ value }) => value.trim().toLowerCase() === text.toLowerCase())?.id ?? null;
    default:
      return null;
  }
}

const numberOf = (text: string): number | null =>
  /^-?\d{1,12}([.,]\d{1,6})?$/.test(text) ? Number(text.replace(",", ".")) : null;

function flagOf(text: string): "Y" | "N" | null {
  if (/^(y|yes|1|true|on|да)$/i.test(text)) return "Y";
  return /^(n|no|0|false|off|нет)$/i.test(text) ? "N" : null;
}

/** A day, or a moment with its zone; the day of a moment is the installation's. */
function dateOf(text: string, zone: string): { day: string; moment: string } | null {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  return { day: text.includes("T") ? dayIn(zone, at) : text, moment: at.toISOString().replace(/\.\d+Z$/, "+00:00") };
}

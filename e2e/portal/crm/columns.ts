import { parseDateTime, today } from "../protocol/dates";
import { asList, toCents, toFlag, toInt, toNumber, toText, type Value } from "../protocol/values";
import type { Field } from "./fields";
import type { FieldValue } from "./records";

const columnLength = 255;

/** Text columns cut what is too long, without an error. */
export function clip(text: string): string {
  return text.length <= columnLength ? text : [...text].slice(0, columnLength).join("");
}

/** Turns what a client sent into what the column keeps. */
export function readField(field: Field, value: Value, utcOffsetMinutes: number): FieldValue {
  switch (field.type) {
    case "integer":
    case "reference":
    case "datetime":
      return toInt(value) || (field.name === "categoryId" ? 0 : null);
    case "double":
      return toNumber(value);
    case "money":
      return toCents(toNumber(value));
    case "flag":
      return toFlag(value);
    case "date":
      return readDate(toText(value), utcOffsetMinutes);
    case "ids":
      return [...new Set(asList(value).map(toInt))].filter((id) => id > 0);
    case "text":
      return toText(value);
    case "string":
      return clip(toText(value));
  }
}

function readDate(text: string, utcOffsetMinutes: number): string {
  const at = parseDateTime(text, utcOffsetMinutes);
  return at === undefined ? "" : today(at, utcOffsetMinutes);
}

import { parseDate, parseDateTime } from "../protocol/dates";
import { asList, toCents, toFlag, toInt, toNumber, toText, type Value } from "../protocol/values";
import type { World } from "../world";
import { type Field, fieldTitle } from "./fields";
import type { FieldValue } from "./records";
import { column, storable } from "./text-column";

/** Turns what a client sent into what the column keeps. */
export function readField(world: World, field: Field, value: Value): FieldValue {
  const { utcOffsetMinutes, language } = world.settings;
  const title = fieldTitle(field, language);
  switch (field.type) {
    case "integer":
    case "reference":
      return toInt(value) || (field.name === "categoryId" || isZero(field, value) ? 0 : null);
    case "datetime":
      return parseDateTime(toText(value), utcOffsetMinutes) ?? null;
    case "double":
      return value === null || value === "" ? null : toNumber(value);
    case "money":
      return toCents(toNumber(value));
    case "flag":
      return toFlag(value);
    case "date":
      return parseDate(toText(value), utcOffsetMinutes) ?? "";
    case "ids":
      return [...new Set(asList(value).map(toInt))].filter((id) => id > 0);
    case "texts":
      return asList(value)
        .map((one) => column(world, toText(one), field.name, title))
        .filter((one) => one !== "");
    case "text":
      return storable(world, toText(value));
    case "string":
      return column(world, toText(value), field.name, title);
  }
}

/** What the column keeps once it is emptied: what `readField` makes of null. */
export function emptied({ name, type }: Field): FieldValue {
  switch (type) {
    case "integer":
    case "reference":
      return name === "categoryId" ? 0 : null;
    case "datetime":
    case "double":
      return null;
    case "money":
      return 0;
    case "flag":
      return "N";
    case "ids":
    case "texts":
      return [];
    case "date":
    case "text":
    case "string":
      return "";
  }
}

/** A number asked of people may be nought; an id may not. */
function isZero({ own }: Field, value: Value): boolean {
  return own?.type === "integer" && (value === 0 || value === "0");
}

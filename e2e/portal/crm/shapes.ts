import { formatDate, formatDateTime } from "../protocol/dates";
import { emptyMap, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Field, type FieldTable, type UserFieldNames, universalName } from "./fields";
import { type MultiField, multiFieldTypes } from "./multi-fields";
import type { CrmRecord, FieldValue } from "./records";

/**
 * `crm.contact.*`, `crm.deal.*` and the like: every scalar is a string, what is empty is null (of several values:
 * false), money has two decimals.
 */
export function legacyShape(world: World, table: FieldTable, record: CrmRecord, only?: ReadonlySet<string>): ValueMap {
  const shape = emptyMap();
  for (const field of table.all) {
    if ((field.type === "ids" && !field.own) || (only && !only.has(field.upper))) continue;
    shape[field.upper] = legacyValue(world, field, record[field.name] ?? null);
  }
  return shape;
}

function legacyValue(world: World, field: Field, value: FieldValue): Value {
  const { utcOffsetMinutes } = world.settings;
  switch (field.type) {
    case "money":
      return Number(value ?? 0).toFixed(2);
    case "datetime":
      return typeof value === "number" ? formatDateTime(value, utcOffsetMinutes) : field.own ? null : "";
    case "date":
      return formatDate(String(value ?? ""), utcOffsetMinutes);
    case "ids":
      return Array.isArray(value) && value.length > 0 ? value.map(Number) : false;
    case "texts":
      return Array.isArray(value) && value.length > 0 ? value.map(String) : false;
    case "flag":
      if (field.own) return value === "Y" ? "1" : "0";
      return value === null || Array.isArray(value) ? null : String(value);
    default:
      return value === null || value === "" || Array.isArray(value) ? null : String(value);
  }
}

/** Each kind that the contact has, as a list of its own; a kind it lacks is absent. */
export function legacyMultiFields(fm: readonly MultiField[], only?: ReadonlySet<string>): ValueMap {
  const shape = emptyMap();
  for (const typeId of multiFieldTypes) {
    const own = fm.filter((field) => field.typeId === typeId && (!only || only.has(typeId)));
    if (own.length === 0) continue;
    shape[typeId] = own.map(({ id, valueType, value }) => ({
      ID: String(id),
      VALUE_TYPE: valueType,
      VALUE: value,
      TYPE_ID: typeId,
    }));
  }
  return shape;
}

/** `crm.item.*`: real numbers, an absent reference is 0, other empty columns are null. */
export function universalShape(
  world: World,
  table: FieldTable,
  record: CrmRecord,
  names: UserFieldNames,
  only?: ReadonlySet<string>,
): ValueMap {
  const shape = emptyMap();
  for (const field of table.newer) {
    const name = universalName(field, names);
    if (only && !only.has(name)) continue;
    shape[name] = universalValue(world, field, record[field.name] ?? null);
  }
  return shape;
}

function universalValue(world: World, field: Field, value: FieldValue): Value {
  const { utcOffsetMinutes } = world.settings;
  switch (field.type) {
    case "reference":
      return Number(value ?? 0);
    case "ids":
      return Array.isArray(value) ? value.map(Number) : [];
    case "texts":
      return Array.isArray(value) ? value.map(String) : [];
    case "datetime":
      return typeof value === "number" ? formatDateTime(value, utcOffsetMinutes) : null;
    case "date":
      return value ? formatDate(String(value), utcOffsetMinutes) : null;
    default:
      return value === "" || Array.isArray(value) ? null : value;
  }
}

/** Messengers have no name in common, and most have none at all. */
const messengersByName: readonly string[] = ["SKYPE", "ICQ", "IMOL"];

/** `fm` beside the flat names the portal adds for the first value of each kind: `phone`, `phoneWork`, `email`, `skype`… */
export function universalMultiFields(fm: readonly MultiField[]): ValueMap {
  const shape = emptyMap();
  shape.fm = fm.map(({ id, valueType, value, typeId }) => ({ id, valueType, value, typeId }));
  for (const { typeId, valueType, value } of fm) {
    if (typeId === "IM") {
      if (messengersByName.includes(valueType)) shape[valueType.toLowerCase()] ??= value;
      continue;
    }
    const kind = typeId.toLowerCase();
    shape[kind] ??= value;
    shape[kind + valueType.charAt(0) + valueType.slice(1).toLowerCase()] ??= value;
  }
  return shape;
}

import { parseDate, parseDateTime } from "../protocol/dates";
import { asList, asMap, toNumber, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import type { CommunicationIndex } from "./communications";
import type { Field } from "./fields";
import { type MultiFieldType, multiFieldTypes } from "./multi-fields";
import type { CrmRecord, FieldValue } from "./records";

type Test = (record: CrmRecord) => boolean;

/** One condition, kept readable so that a list can look for one it has an index for. */
interface Condition {
  field: string;
  operator: string;
  value: Value;
  test: Test;
}

/** The conditions that all must hold. Nested alternatives are a condition without a field. */
export type Conditions = Condition[];

/** How an API family names fields in filters, and what it does with names it does not know. */
export interface FilterNames {
  find(name: string): Field | undefined;
  /** Throws, or returns to have the condition dropped: then "find one" silently becomes "return everything". */
  unknown(name: string): void;
  /** Is told of a date that cannot be read. Throws, or returns to have the condition met by nothing. */
  unreadable(name: string): void;
  /** The phones and e-mails by which the list can be filtered; undefined: by none. */
  multiFields: CommunicationIndex | undefined;
  nested: boolean;
}

export const prefixes = /^(!=%|!%=|=%|%=|!%|!@|!=|>=|<=|>|<|@|%|=|!)?(.*)$/s;

export function readFilter(world: World, names: FilterNames, filter: ValueMap): Conditions {
  const conditions = Object.entries(filter).flatMap(([key, value]): Condition[] => {
    if (names.nested && /^\d+$/.test(key)) return nestedCondition(world, names, value);
    if (names.nested && key.toLowerCase() === "logic") return [];
    const [, operator = "", name = ""] = prefixes.exec(key) ?? [];
    const typeId = names.multiFields && multiFieldTypes.find((type) => type === name);
    if (typeId) return [multiFieldCondition(typeId, operator, value)];
    const field = names.find(name);
    if (!field) {
      names.unknown(name);
      return [];
    }
    const read = reader(world, field, () => names.unreadable(name));
    return [{ field: field.name, operator, value, test: fieldTest(field, operator, value, read) }];
  });
  const either = names.nested && toText(filter.logic ?? filter.LOGIC).toUpperCase() === "OR";
  if (!either || conditions.length === 0) return conditions;
  return [{ field: "", operator: "", value: filter, test: (record) => conditions.some(({ test }) => test(record)) }];
}

function nestedCondition(world: World, names: FilterNames, value: Value): Condition[] {
  const inner = asMap(value);
  if (!inner) return [];
  const conditions = readFilter(world, names, inner);
  return [{ field: "", operator: "", value, test: (record) => conditions.every(({ test }) => test(record)) }];
}

/** Compared letter for letter with what was stored: no digit is dropped, no case folded. */
function multiFieldCondition(typeId: MultiFieldType, operator: string, value: Value): Condition {
  const wanted = new Set(typeof value === "object" ? asList(value).map(toText) : [toText(value)]);
  const has: Test = ({ fm }) =>
    Array.isArray(fm) &&
    fm.some((item) => typeof item === "object" && item.typeId === typeId && wanted.has(item.value));
  const test: Test = operator.startsWith("!") ? (record) => !has(record) : has;
  return { field: typeId, operator, value, test };
}

type Read = (value: Value) => string | number;

function fieldTest(field: Field, operator: string, value: Value, read: Read): Test {
  const values = (typeof value === "object" && value !== null ? asList(value) : [value]).map(read);
  const [first = ""] = values;
  const stored = (record: CrmRecord) => comparable(record[field.name] ?? null);
  const member: Test = (record) => {
    const own = record[field.name] ?? null;
    if (field.type === "ids" || field.type === "texts") {
      return Array.isArray(own) && own.some((one) => values.includes(one as number | string));
    }
    return values.includes(comparable(own));
  };
  const ordered =
    (compare: (order: number) => boolean): Test =>
    (record) => {
      const own = stored(record);
      if (own === "" || first === neverStored) return false;
      return typeof own === typeof first && compare(own < first ? -1 : own > first ? 1 : 0);
    };
  const like = likeTest(operator, toText(first));
  switch (operator) {
    case ">":
      return ordered((order) => order > 0);
    case ">=":
      return ordered((order) => order >= 0);
    case "<":
      return ordered((order) => order < 0);
    case "<=":
      return ordered((order) => order <= 0);
    case "%":
    case "=%":
    case "%=":
      return (record) => like(String(stored(record)));
    case "!%":
    case "!=%":
    case "!%=":
      return (record) => !like(String(stored(record)));
    case "!":
    case "!=":
    case "!@":
      return (record) => !member(record);
    default:
      return member;
  }
}

/** `%` alone looks anywhere; with `=` beside it the value brings its own `%` and `_`. */
export function likeTest(operator: string, pattern: string): (text: string) => boolean {
  if (!operator.includes("=")) return (text) => text.toLowerCase().includes(pattern.toLowerCase());
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  const expression = new RegExp(`^${source}$`, "isu");
  return (text) => expression.test(text);
}

/** What no column holds. User fields for yes and no are asked for as 1 and 0 alone, though they are told as Y and N. */
const neverStored = "\0";

function comparable(value: FieldValue): string | number {
  return typeof value === "number" || typeof value === "string" ? value : "";
}

function reader(world: World, field: Field, unreadable: () => void): Read {
  const { utcOffsetMinutes, switches } = world.settings;
  return (value) => {
    if (value === null || value === "") return "";
    switch (field.type) {
      case "datetime":
      case "date": {
        const text = toText(value);
        if (text === "") return "";
        if (parseDateTime(text, utcOffsetMinutes) === undefined) unreadable();
        if (field.type === "date") return parseDate(text, utcOffsetMinutes) ?? neverStored;
        return parseDateTime(text, utcOffsetMinutes, switches.atomDateFilters) ?? neverStored;
      }
      case "flag":
        if (field.own && (value === "Y" || value === "N")) return neverStored;
        return value === true || value === 1 || value === "1" || value === "Y" ? "Y" : "N";
      case "string":
      case "text":
      case "texts":
        return toText(value);
      default:
        return toNumber(value);
    }
  };
}

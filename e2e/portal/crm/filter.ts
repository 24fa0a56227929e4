import { parseDateTime } from "../protocol/dates";
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
  /** The phones and e-mails by which the list can be filtered; undefined: by none. */
  multiFields: CommunicationIndex | undefined;
  nested: boolean;
}

export const prefixes = /^(!=%|!%=|=%|%=|!%|!@|!=|>=|<=|>|<|@|%|=|!)?(.*)$/s;

export function readFilter(world: World, names: FilterNames, filter: ValueMap): Conditions {
  return Object.entries(filter).flatMap(([key, value]): Condition[] => {
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
    return [{ field: field.name, operator, value, test: fieldTest(world, field, operator, value) }];
  });
}

function nestedCondition(world: World, names: FilterNames, value: Value): Condition[] {
  const inner = asMap(value);
  if (!inner) return [];
  const conditions = readFilter(world, names, inner);
  const either = toText(inner.logic ?? inner.LOGIC).toUpperCase() === "OR";
  const test: Test = (record) =>
    either ? conditions.some((one) => one.test(record)) : conditions.every((one) => one.test(record));
  return [{ field: "", operator: "", value, test }];
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

function fieldTest(world: World, field: Field, operator: string, value: Value): Test {
  const read = reader(world, field);
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
      return own !== "" && typeof own === typeof first && compare(own < first ? -1 : own > first ? 1 : 0);
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

function comparable(value: FieldValue): string | number {
  return typeof value === "number" || typeof value === "string" ? value : "";
}

function reader(world: World, field: Field): (value: Value) => string | number {
  const { utcOffsetMinutes, switches } = world.settings;
  return (value) => {
    if (value === null || value === "") return "";
    switch (field.type) {
      case "datetime":
        return parseDateTime(toText(value), utcOffsetMinutes, switches.atomDateFilters) ?? "";
      case "date":
        return toText(value).slice(0, 10);
      case "flag":
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

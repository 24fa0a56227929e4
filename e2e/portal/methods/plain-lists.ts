import { likeTest, prefixes } from "../crm/filter";
import { pageSize } from "../crm/listing";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";

/** Lists of what is no record of the CRM: products, prices, product rows, and what the portal is set up with. */
export function matching(entries: ValueMap[], filter: ValueMap): ValueMap[] {
  const tests = Object.entries(filter).flatMap(([key, value]) => {
    const [, operator = "", given = ""] = prefixes.exec(key) ?? [];
    const name = nameIn(entries, given);
    if (name === undefined) return [];
    const test = condition(operator, value);
    return [(entry: ValueMap) => test(entry[name] ?? null)];
  });
  return entries.filter((entry) => tests.every((test) => test(entry)));
}

/** The older family takes its names in small letters as well. A name that no entry has is dropped. */
function nameIn(entries: ValueMap[], given: string): string | undefined {
  return [given, given.toUpperCase()].find((name) => entries.some((entry) => Object.hasOwn(entry, name)));
}

/** Whether a value is what a filter asks for, by the prefixes of all lists. */
export function condition(operator: string, value: Value): (own: Value) => boolean {
  const wanted = typeof value === "object" && value !== null ? asList(value) : [value];
  const [first = ""] = wanted;
  if (operator.startsWith(">") || operator.startsWith("<")) {
    const sign = operator.startsWith(">") ? 1 : -1;
    return (own) => {
      if (plain(own) === "") return false;
      const order = compare(own, first) * sign;
      return order > 0 || (order === 0 && operator.endsWith("="));
    };
  }
  const likes = wanted.map((one) => likeTest(operator, plain(one)));
  const isOneOf = operator.includes("%")
    ? (own: Value) => likes.some((like) => like(plain(own)))
    : (own: Value) => wanted.some((one) => isSame(own, one));
  return operator.startsWith("!") ? (own) => !isOneOf(own) : isOneOf;
}

/** Sorts in place; numbers are compared as numbers, though the older family writes them as text. */
export function sortBy(entries: ValueMap[], order: ValueMap): void {
  const keys = Object.entries(order).map(([name, direction]) => ({
    name: nameIn(entries, name) ?? name,
    sign: toText(direction).toUpperCase() === "DESC" ? -1 : 1,
  }));
  entries.sort((left, right) => {
    for (const { name, sign } of keys) {
      const conflict = compare(left[name] ?? null, right[name] ?? null);
      if (conflict !== 0) return conflict * sign;
    }
    return 0;
  });
}

/** The fields that were asked for, all of them if none was. */
export function selected(entries: ValueMap[], select: Value | undefined): ValueMap[] {
  const asked = new Set(asList(select).map(toText));
  if (asked.size === 0 || asked.has("*")) return entries;
  return entries.map((entry) => Object.fromEntries(Object.entries(entry).filter(([name]) => asked.has(name))));
}

/** A page of 50 with its place among all. `start` -1 means: do not count. */
export function pageOf<Entry>(
  found: Entry[],
  start: Value | undefined,
): { page: Entry[]; total?: number; next?: number } {
  const from = Math.floor(Math.max(0, toInt(start)) / pageSize) * pageSize;
  const to = from + pageSize;
  const page = found.slice(from, to);
  if (toInt(start) < 0) return { page };
  return { page, total: found.length, ...(to < found.length ? { next: to } : {}) };
}

/** A property of a product is a map with its value. */
const plain = (value: Value): string => toText(asMap(value)?.value ?? value);

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

function isSame(left: Value, right: Value): boolean {
  const [own, wanted] = [plain(left), plain(right)];
  return own === wanted || (isNumber(own) && isNumber(wanted) && Number(own) === Number(wanted));
}

function compare(left: Value, right: Value): number {
  const [own, other] = [plain(left), plain(right)];
  return isNumber(own) && isNumber(other) ? Number(own) - Number(other) : own.localeCompare(other);
}

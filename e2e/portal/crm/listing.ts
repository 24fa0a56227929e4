import { asMap, toInt, toNumber, toText, type Value, type ValueMap } from "../protocol/values";
import type { Visible } from "../rights";
import type { World } from "../world";
import type { Collection } from "./collection";
import { type Conditions, type FilterNames, readFilter } from "./filter";
import type { CrmRecord } from "./records";

export const pageSize = 50;

export interface Page<Stored> {
  records: Stored[];
  total?: number;
  next?: number;
}

interface Order {
  field: string;
  descending: boolean;
}

/** The order asked for, in the sequence it was asked; fields the family does not know are handled as in filters. */
export function readOrder(names: FilterNames, order: Value | undefined): Order[] {
  return Object.entries(asMap(order) ?? {}).flatMap(([name, direction]) => {
    const field = names.find(name);
    if (!field) names.unknown(name);
    return field ? [{ field: field.name, descending: toText(direction).toUpperCase() === "DESC" }] : [];
  });
}

/** One page of 50, without what the caller may not see. `start` -1 means: do not count. */
export function listRecords<Stored extends CrmRecord>(
  world: World,
  collection: Collection<Stored>,
  names: FilterNames,
  params: { filter: ValueMap; order: Order[]; start: Value | undefined; visible: Visible | undefined },
): Page<Stored> {
  const conditions = readFilter(world, names, params.filter);
  const counting = toInt(params.start) >= 0;
  const offset = counting ? Math.floor(toInt(params.start) / pageSize) * pageSize : 0;
  const records: Stored[] = [];
  let matched = 0;
  const found = sorted(candidates(names, collection, conditions, params.order), params.order, conditions);
  for (const record of found) {
    if (params.visible && !params.visible(record)) continue;
    if (matched >= offset && records.length < pageSize) records.push(record);
    matched++;
    if (!counting && records.length === pageSize) break;
  }
  if (!counting) return world.settings.switches.totalWithoutCount === "zero" ? { records, total: 0 } : { records };
  const next = offset + pageSize;
  return { records, total: matched, ...(next < matched ? { next } : {}) };
}

/** Records that may match, in id order: by an index where the filter allows, else all of them. */
function candidates<Stored extends CrmRecord>(
  names: FilterNames,
  collection: Collection<Stored>,
  conditions: Conditions,
  order: Order[],
): Iterable<Stored> {
  for (const { field, operator, value } of conditions) {
    const values = typeof value === "object" && value !== null ? Object.values(value) : [value];
    const equality = operator === "" || operator === "=" || operator === "@";
    if (equality && field === "originId" && values.every((one) => one !== "" && one !== null)) {
      return collection.withOrigins(values.map(toText));
    }
    if (equality && field === "id") {
      return [...new Set(values.map(toInt))]
        .sort((left, right) => left - right)
        .flatMap((id) => collection.byId.get(id) ?? []);
    }
    if (equality && names.multiFields && (field === "PHONE" || field === "EMAIL")) {
      const index = names.multiFields;
      const owners = new Set(values.flatMap((one) => index.ownersOf(field, toText(one))));
      return [...owners].sort((left, right) => left - right).flatMap((id) => collection.byId.get(id) ?? []);
    }
  }
  if (order[0]?.field === "id" && order[0].descending) return collection.descending();
  const bound = (sign: string) =>
    conditions.find(({ field, operator }) => field === "id" && operator.startsWith(sign))?.value as Value | undefined;
  const [from, to] = [bound(">"), bound("<")];
  return collection.ascending(from === undefined ? 0 : toNumber(from), to === undefined ? undefined : toNumber(to));
}

function* sorted<Stored extends CrmRecord>(
  records: Iterable<Stored>,
  order: Order[],
  conditions: Conditions,
): Generator<Stored> {
  const matches = (record: Stored) => conditions.every(({ test }) => test(record));
  if (order.length === 0 || order[0]?.field === "id") {
    const backwards = order[0]?.descending === true && Array.isArray(records);
    for (const record of backwards ? [...records].reverse() : records) if (matches(record)) yield record;
    return;
  }
  const found = [...records].filter(matches);
  found.sort((left, right) => {
    for (const { field, descending } of order) {
      const conflict = compare(left[field], right[field]);
      if (conflict !== 0) return descending ? -conflict : conflict;
    }
    return left.id - right.id;
  });
  yield* found;
}

function compare(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  return String(left ?? "").localeCompare(String(right ?? ""));
}

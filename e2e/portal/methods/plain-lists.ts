import { asList, toText, type Value, type ValueMap } from "../protocol/values";

/** Lists of what the portal is set up with: short, and compared for equality only. A filter by an unknown name is dropped. */
export function matching(entries: ValueMap[], filter: ValueMap): ValueMap[] {
  const conditions = Object.entries(filter);
  return entries.filter((entry) => conditions.every(([name, value]) => matches(entry, name, value)));
}

function matches(entry: ValueMap, name: string, value: Value): boolean {
  const own = entry[name.replace(/^[=@]/, "").toUpperCase()];
  if (own === undefined) return true;
  return (typeof value === "object" ? asList(value) : [value]).map(toText).includes(toText(own));
}

/** Sorts in place; ids and sort values are text here and compared as numbers. */
export function sortBy(entries: ValueMap[], order: ValueMap): void {
  const compare = (left: string, right: string) => Number(left) - Number(right) || left.localeCompare(right);
  entries.sort((left, right) => {
    for (const [name, direction] of Object.entries(order)) {
      const conflict = compare(toText(left[name.toUpperCase()]), toText(right[name.toUpperCase()]));
      if (conflict !== 0) return toText(direction).toUpperCase() === "DESC" ? -conflict : conflict;
    }
    return 0;
  });
}

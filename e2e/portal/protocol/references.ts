import { asMap, emptyMap, toText, type Value, type ValueMap } from "./values";

/** What earlier commands of a batch left for later ones to refer to. */
export type Results = Record<"result" | "next" | "total" | "time" | "error", ValueMap>;

/** Everything up to white space belongs to a reference, text glued to it included. */
const reference = /\$(result|next|total|time|error)([^\s]*)/gi;

/** Replaces references in values and keys, after the command's query was parsed: so they act inside people's names, too. */
export function resolveReferences(params: ValueMap, results: Results): ValueMap {
  const resolved = emptyMap();
  for (const [key, value] of Object.entries(params)) resolved[resolveText(key, results)] = resolveValue(value, results);
  return resolved;
}

function resolveValue(value: Value, results: Results): Value {
  if (typeof value === "string") return resolveString(value, results);
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, results));
  const map = asMap(value);
  return map ? resolveReferences(map, results) : value;
}

/** A value that is one reference and nothing else takes the referred value's type; lists stay lists. */
function resolveString(text: string, results: Results): Value {
  if (!text.includes("$")) return text;
  const [match] = text.matchAll(reference);
  return match?.[0] === text ? lookUp(match, results) : resolveText(text, results);
}

function resolveText(text: string, results: Results): string {
  if (!text.includes("$")) return text;
  return text.replace(reference, (...match: string[]) => {
    const value = lookUp(match, results);
    return typeof value === "object" && value !== null ? "Array" : toText(value);
  });
}

/** A path that leads nowhere stops at the deepest level that exists and yields that: a whole list instead of an id. */
function lookUp([, root = "", path = ""]: readonly string[], results: Results): Value {
  let found: Value = results[root.toLowerCase() as keyof Results];
  for (const [, key = ""] of path.matchAll(/\[([^\]]*)\]/g)) {
    const map: ValueMap | undefined = asMap(found);
    const next = map && Object.hasOwn(map, key) ? map[key] : undefined;
    if (next === undefined) break;
    found = next;
  }
  return found;
}

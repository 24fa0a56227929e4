import { emptyMap, type Value, type ValueMap } from "./values";

interface Branch extends Map<string, string | Branch> {}

/** JavaScript sorts keys that are whole numbers; PHP leaves them as they were sent. */
const sentKeys = new WeakMap<ValueMap, string[]>();

/** The keys of a map that came as a form, in the order in which they came; of any other map as JavaScript has them. */
export function keysAsSent(map: ValueMap): string[] {
  return sentKeys.get(map) ?? Object.keys(map);
}

/** PHP's `parse_str`: brackets nest, `[]` appends, all leaves are strings. */
export function parseQuery(query: string): ValueMap {
  return nest(query.split("&").filter(Boolean).map(splitPair));
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeBytes(spaced);
  }
}

/** For what is not encoded throughout: letters that were sent as they are, and percent signs that stand for themselves. */
function decodeBytes(text: string): string {
  const bytes = Buffer.from(text).toString("latin1");
  const decoded = bytes.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, "latin1").toString();
}

/** Builds the nested map that PHP would build from flat, already decoded form fields. */
export function nest(pairs: Iterable<readonly [string, string]>): ValueMap {
  const root: Branch = new Map();
  for (const [key, value] of pairs) plant(root, path(key), value);
  const map = emptyMap();
  for (const [key, child] of root) map[key] = typeof child === "string" ? child : harvest(child);
  return map;
}

/**
 * A name's first part takes neither spaces nor points nor a bracket that nothing closes, which become `_`; what stands
 * between or behind brackets ends the name; without a first part the field is lost.
 */
function path(key: string): string[] {
  const [name = ""] = key.replace(/^ +/, "").split("\0");
  const open = name.indexOf("[");
  if (open === 0 || name === "") return [];
  if (open < 0 || !name.includes("]", open)) return [mangled(name)];
  const segments = [mangled(name.slice(0, open))];
  const bracket = /\[(?:\s\]|([^\]]*)\])/y;
  bracket.lastIndex = open;
  for (let match = bracket.exec(name); match; match = bracket.exec(name)) segments.push(match[1] ?? "");
  return segments;
}

function mangled(name: string): string {
  return name.replace(/[ .[]/g, "_");
}

function plant(root: Branch, segments: string[], value: string): void {
  let branch = root;
  for (const [depth, segment] of segments.entries()) {
    const key = segment === "" ? nextIndex(branch) : segment;
    if (depth === segments.length - 1) {
      branch.set(key, value);
      return;
    }
    const child = branch.get(key);
    const next: Branch = typeof child === "object" ? child : new Map();
    branch.set(key, next);
    branch = next;
  }
}

function nextIndex(branch: Branch): string {
  let next = 0;
  for (const key of branch.keys()) if (/^(0|[1-9]\d*)$/.test(key)) next = Math.max(next, Number(key) + 1);
  return String(next);
}

function harvest(branch: Branch): Value {
  const values = [...branch].map(([key, child]) => [key, typeof child === "string" ? child : harvest(child)] as const);
  if (values.every(([key], index) => key === String(index))) return values.map(([, value]) => value);
  const map = emptyMap();
  for (const [key, value] of values) map[key] = value;
  sentKeys.set(map, [...branch.keys()]);
  return map;
}

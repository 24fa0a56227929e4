import { unescape as decodePercent } from "node:querystring";
import { emptyMap, type Value, type ValueMap } from "./values";

interface Branch extends Map<string, string | Branch> {}

/** PHP's `parse_str`: brackets nest, `[]` appends, all leaves are strings. */
export function parseQuery(query: string): ValueMap {
  return nest(query.split("&").filter(Boolean).map(splitPair));
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  return decodePercent(text.replaceAll("+", " "));
}

/** Builds the nested map that PHP would build from flat, already decoded form fields. */
export function nest(pairs: Iterable<readonly [string, string]>): ValueMap {
  const root: Branch = new Map();
  for (const [key, value] of pairs) plant(root, path(key), value);
  const map = emptyMap();
  for (const [key, child] of root) map[key] = typeof child === "string" ? child : harvest(child);
  return map;
}

function path(key: string): string[] {
  const open = key.indexOf("[");
  if (open <= 0) return [key];
  const segments = [key.slice(0, open)];
  for (const [, segment = ""] of key.slice(open).matchAll(/\[([^\]]*)\]/g)) segments.push(segment);
  return segments;
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
  for (const key of branch.keys()) if (/^\d+$/.test(key)) next = Math.max(next, Number(key) + 1);
  return String(next);
}

function harvest(branch: Branch): Value {
  const values = [...branch].map(([key, child]) => [key, typeof child === "string" ? child : harvest(child)] as const);
  if (values.every(([key], index) => key === String(index))) return values.map(([, value]) => value);
  const map = emptyMap();
  for (const [key, value] of values) map[key] = value;
  return map;
}

/** What travels. PHP sees JSON, forms and query strings as the same nested maps, so readers must take lists and maps alike. */
export type Value = string | number | boolean | null | Value[] | ValueMap;
export interface ValueMap {
  [key: string]: Value;
}

/** A map's members; a list counts as a map with keys 0, 1, 2…, as it does in PHP. Anything else is no map. */
export function asMap(value: Value | undefined): ValueMap | undefined {
  if (value === null || typeof value !== "object") return undefined;
  return Array.isArray(value) ? Object.assign(emptyMap(), value) : value;
}

export function asList(value: Value | undefined): Value[] {
  if (value === null || typeof value !== "object") return [];
  return Array.isArray(value) ? value : Object.values(value);
}

/** PHP's integer cast: leading digits count, everything unreadable is 0. */
export function toInt(value: Value | undefined): number {
  if (typeof value === "number") return Number.isFinite(value) ? Math.trunc(value) : 0;
  if (typeof value === "string") return Number.parseInt(value, 10) || 0;
  return value === true ? 1 : 0;
}

export function toNumber(value: Value | undefined): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : 0;
  if (typeof value === "string") return Number.parseFloat(value) || 0;
  return value === true ? 1 : 0;
}

/** A list where text is expected comes out empty: that is what a failed `$result` reference leaves behind. */
export function toText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return value === true ? "1" : "";
}

export function toFlag(value: Value | undefined): "Y" | "N" {
  return value === true || value === 1 || value === "Y" || value === "y" || value === "1" ? "Y" : "N";
}

/** A switch among the parameters. Forms have no booleans: PHP's clients send 1 and 0, others the words. */
export function toBoolean(value: Value | undefined): boolean {
  return value !== undefined && value !== null && !["", "0", "false", "N", "n"].includes(String(value));
}

/** Money is kept to the cent at each step, as the portal's columns do. */
export function toCents(amount: number): number {
  return Math.round(amount * 100 + Math.sign(amount) * 1e-6) / 100;
}

/** PHP writes an empty map as `[]` and a map with keys 0…n-1 as an array; clients meet both shapes for one member. */
export function encodeMap(entries: ReadonlyMap<string, Value>): Value {
  const keys = [...entries.keys()];
  if (keys.every((key, index) => key === String(index))) return [...entries.values()];
  const map = emptyMap();
  for (const [key, value] of entries) map[key] = value;
  return map;
}

/** No prototype: a key such as `__proto__` from outside stays an ordinary key. */
export function emptyMap(): ValueMap {
  return Object.create(null) as ValueMap;
}

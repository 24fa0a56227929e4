import type { MultiField, MultiFieldType } from "./multi-fields";

/** The form in which duplicate search compares: two spellings of one number or address become one key. */
export function communicationKey(typeId: MultiFieldType, value: string): string {
  return typeId === "PHONE" ? normalizePhone(value) : value.trim().toLowerCase();
}

/** The portal's own rules. It has no default country, so ten bare digits never match a number with a country code. */
function normalizePhone(value: string): string {
  const text = value.trim();
  const digits = text.replace(/[^\d#*,;]/g, "");
  const international = text.startsWith("+8") && text.length >= 10;
  const number = international || digits.replace(/\D/g, "").length < 10 ? digits : withoutPrefix(digits);
  return number.split(/[;#,]/, 1)[0] ?? "";
}

function withoutPrefix(digits: string): string {
  if (/^8[012]/.test(digits)) return digits;
  if (digits.startsWith("00")) return digits.slice(2);
  if (digits.startsWith("011")) return digits.slice(3);
  if (digits.startsWith("8")) return `7${digits.slice(1)}`;
  return digits.startsWith("0") ? digits.slice(1) : digits;
}

/** Whose phone or e-mail is it, and since when: by normalised key for duplicate search, by stored text for list filters. */
export class CommunicationIndex {
  readonly #owners = new Map<string, Map<number, number>>();

  /** @param at the portal's time */
  add(owner: number, fields: readonly MultiField[], at: number): void {
    for (const key of keysOf(fields)) this.#addKey(owner, key, at);
  }

  remove(owner: number, fields: readonly MultiField[]): void {
    for (const key of keysOf(fields)) this.#removeKey(owner, key);
  }

  /** What stays has been there as long as before. */
  replace(owner: number, before: readonly MultiField[], after: readonly MultiField[], at: number): void {
    const [old, current] = [keysOf(before), keysOf(after)];
    for (const key of old) if (!current.has(key)) this.#removeKey(owner, key);
    for (const key of current) if (!old.has(key)) this.#addKey(owner, key, at);
  }

  /** Ids in ascending order; with `until` only of those who had it by then. */
  ownersOf(typeId: MultiFieldType, value: string, until = Number.POSITIVE_INFINITY): number[] {
    const key = communicationKey(typeId, value);
    if (key === "") return [];
    return [...(this.#owners.get(`${typeId}:${key}`) ?? [])]
      .flatMap(([owner, since]) => (since <= until ? owner : []))
      .sort((left, right) => left - right);
  }

  #addKey(owner: number, key: string, at: number): void {
    const owners = this.#owners.get(key);
    if (owners) owners.set(owner, at);
    else this.#owners.set(key, new Map([[owner, at]]));
  }

  #removeKey(owner: number, key: string): void {
    const owners = this.#owners.get(key);
    if (owners?.delete(owner) && owners.size === 0) this.#owners.delete(key);
  }
}

function keysOf(fields: readonly MultiField[]): Set<string> {
  return new Set(fields.map(({ typeId, value }) => `${typeId}:${communicationKey(typeId, value)}`));
}

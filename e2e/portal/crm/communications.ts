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

/** Whose phone or e-mail is it: by normalised key for duplicate search, by stored text for list filters. */
export class CommunicationIndex {
  readonly #owners = new Map<string, Set<number>>();

  add(owner: number, fields: readonly MultiField[]): void {
    for (const key of keysOf(fields)) {
      const owners = this.#owners.get(key);
      if (owners) owners.add(owner);
      else this.#owners.set(key, new Set([owner]));
    }
  }

  remove(owner: number, fields: readonly MultiField[]): void {
    for (const key of keysOf(fields)) {
      const owners = this.#owners.get(key);
      if (owners?.delete(owner) && owners.size === 0) this.#owners.delete(key);
    }
  }

  /** Ids in ascending order. */
  ownersOf(typeId: MultiFieldType, value: string): number[] {
    const key = communicationKey(typeId, value);
    return key === "" ? [] : [...(this.#owners.get(`${typeId}:${key}`) ?? [])].sort((left, right) => left - right);
  }
}

function keysOf(fields: readonly MultiField[]): Set<string> {
  return new Set(fields.map(({ typeId, value }) => `${typeId}:${communicationKey(typeId, value)}`));
}

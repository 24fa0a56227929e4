import type { CrmRecord } from "./records";

/** Records by id, in id order, with the one secondary index that lookups by marker need to stay quick among 100,000. */
export class Collection<Stored extends CrmRecord> {
  readonly byId = new Map<number, Stored>();
  /** Ascending: ids grow, but for those that the settings name. */
  readonly #ids: number[] = [];
  readonly #origins = new Map<string, Set<number>>();
  #added = 0;

  /** How many have ever been added, those that are gone included. */
  get added(): number {
    return this.#added;
  }

  add(record: Stored): void {
    this.#added++;
    this.byId.set(record.id, record);
    this.#ids.splice(this.#position(record.id), 0, record.id);
    this.#index(record);
  }

  update(record: Stored, changes: Partial<CrmRecord>): void {
    this.#unindex(record);
    Object.assign(record, changes);
    this.#index(record);
  }

  delete(record: Stored): void {
    this.#unindex(record);
    this.byId.delete(record.id);
    this.#ids.splice(this.#position(record.id), 1);
  }

  withOrigins(originIds: Iterable<string>): Stored[] {
    const ids = new Set<number>();
    for (const originId of originIds) for (const id of this.#origins.get(originId) ?? []) ids.add(id);
    return [...ids].sort((left, right) => left - right).flatMap((id) => this.byId.get(id) ?? []);
  }

  /** Walks the ids from `from` to `to`, both included, in order, so that a keyset page costs the same anywhere. */
  *ascending(from = 0, to = Number.POSITIVE_INFINITY): Generator<Stored> {
    for (let index = this.#position(from); index < this.#ids.length; index++) {
      const id = this.#ids[index] ?? 0;
      if (id > to) return;
      const record = this.byId.get(id);
      if (record) yield record;
    }
  }

  *descending(): Generator<Stored> {
    for (let index = this.#ids.length - 1; index >= 0; index--) {
      const record = this.byId.get(this.#ids[index] ?? 0);
      if (record) yield record;
    }
  }

  #position(id: number): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #index({ id, originId }: Stored): void {
    if (originId === "") return;
    const ids = this.#origins.get(originId);
    if (ids) ids.add(id);
    else this.#origins.set(originId, new Set([id]));
  }

  #unindex({ id, originId }: Stored): void {
    const ids = this.#origins.get(originId);
    if (ids?.delete(id) && ids.size === 0) this.#origins.delete(originId);
  }
}

import { Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";

/** A row of a history of changes by key. */
export interface KeyedRow {
  id: number;
  keys: string[];
  /** The row that it took back. */
  undoes: number | null;
}

/**
 * The rows of which nothing was changed since, so that they can be taken back; `history` is a whole history, the oldest row
 * first. Told by rows and not by values: who sets a value that was set before has changed it, and it is not taken back
 * together with the earlier change. Taking a change back puts in force again what was before it, so that the change before
 * can be taken back next. Taking such an undoing back is a change like any other.
 */
export function rowsInForce(history: KeyedRow[]): Set<number> {
  const now = new Map<string, number>();
  const seen = new Map<number, Seen>();
  for (const { id, keys, undoes } of history) {
    const undone = undoes === null ? undefined : seen.get(undoes);
    const isUndoing = undone !== undefined && !undone.isUndoing;
    const before = new Map(keys.map((key) => [key, now.get(key) ?? nothing]));
    const after = new Map(keys.map((key) => [key, isUndoing ? (undone.before.get(key) ?? id) : id]));
    for (const [key, row] of after) now.set(key, row);
    seen.set(id, { before, after, isUndoing });
  }
  const isInForce = ({ after }: Seen) => [...after].every(([key, row]) => now.get(key) === row);
  return new Set([...seen].flatMap(([id, each]) => (isInForce(each) ? [id] : [])));
}

/** By key: the row in force before a row and after it. */
interface Seen {
  before: Map<string, number>;
  after: Map<string, number>;
  /** It took a change back, and not such an undoing. */
  isUndoing: boolean;
}

/** In the place of a row: the key was not changed yet. */
const nothing = 0;

/** A whole history without its values, the oldest row first. */
export const keyedHistory = (tx: Tx, table: "SettingChange" | "ConsentChange"): Promise<KeyedRow[]> =>
  tx.$queryRaw<KeyedRow[]>`
    select id, undoes, array(select jsonb_object_keys(changes)) as keys from ${Prisma.raw(`"${table}"`)} order by id`;

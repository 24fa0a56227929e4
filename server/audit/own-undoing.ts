import type { Actor, ActorRef } from "./actor";

/** A row of a history of changes by key. */
interface KeyedChange {
  id: number;
  actorKind: ActorRef["kind"];
  actorId: number | null;
  /** By key: before and after. */
  changes: unknown;
  undoes: number | null;
}

/**
 * Whether the actor has undone a change, and nothing that this undoing set was changed since. `later` holds every row of
 * that history after the change.
 */
export function isStillUndone(later: KeyedChange[], { actor, change }: { actor: Actor; change: number }): boolean {
  const newestFirst = [...later].sort((one, other) => other.id - one.id);
  const undoing = newestFirst.find((row) => row.undoes === change && isBy(row, actor));
  if (!undoing) return false;
  const keys = new Set(Object.keys(undoing.changes as object));
  return !later.some((row) => row.id > undoing.id && Object.keys(row.changes as object).some((key) => keys.has(key)));
}

/** Whether the actor has made a change. */
export const isBy = (row: Pick<KeyedChange, "actorKind" | "actorId">, { kind, id }: Actor): boolean =>
  row.actorKind === kind && row.actorId === id;

import type { SyncRun } from "../crm/sync-run";
import { elapsedMs } from "../platform/elapsed";

/**
 * Which kinds of work wait because the portal executes one of their methods no more for some minutes. The portal counts
 * each method by itself, so the other kinds go on.
 */
export class SpentTime<Kind extends string> {
  readonly #until = new Map<Kind, number>();

  isSpent(kind: Kind): boolean {
    return (this.#until.get(kind) ?? 0) > elapsedMs();
  }

  note(kind: Kind, { limitedUntil }: Pick<SyncRun, "limitedUntil">): void {
    if (limitedUntil) this.#until.set(kind, elapsedMs() + limitedUntil.getTime() - Date.now());
  }
}

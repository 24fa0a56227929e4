import { Prisma } from "../../prisma/generated/client";
import { oldGuesses } from "../attempts/guesses";
import { forgetOldAddresses } from "../auth/api-tokens";
import { expiredSessions } from "../auth/auth";
import { makingMethods } from "../crm/making-methods";
import { deletePortion, type OldRows, portionSize } from "../database/old-rows";
import { oldAlertMessages } from "../notices/alert-messages";
import { dropUnwanted, oldNotices } from "../notices/person-notices";
import { elapsedMs } from "../platform/elapsed";
import { dayMs } from "../platform/time-zone";
import { oldKeys } from "../registration/registration-key";
import type { Services } from "../services";
import { oldStamps } from "../sign-ups/stamps";
import { oldDeliveries } from "../webhooks/deliveries";

/** After this time a run looks at everything again: a row may have been held by another transaction. */
const anewMs = 24 * 3_600_000;

type Portion = Awaited<ReturnType<typeof deletePortion>>;
type Deps = Pick<Services, "db" | "log" | "env">;

/**
 * Deletes records after their retention time. Of an installation that has kept millions of them, or keeps them for a
 * shorter time from now on, it takes minutes, and registrations wait for the leader: so a run is made of steps of about a
 * second, and the leader goes on with its work in between.
 */
export class Purge {
  readonly #deps: Deps;
  readonly #stepMs: number;
  /** What this run has still to delete. */
  #left: { rows: OldRows; from: Date | null }[] = [];
  #dropped: Partial<Record<Prisma.ModelName, number>> = {};
  /**
   * Up to when a run has looked at a table of which some rows are kept for ever: the next run would else read all of these,
   * more with each year, before it came to one that goes.
   */
  readonly #looked = new Map<Prisma.ModelName, Date>();
  #lookedAnewAt = elapsedMs();

  constructor(deps: Deps, { stepMs = 1_000 }: { stepMs?: number } = {}) {
    this.#deps = deps;
    this.#stepMs = stepMs;
  }

  /** Begins a run. If one is under way, the new one takes its place. */
  async begin(): Promise<void> {
    // Ends also what a registration wrote at the very moment in which its kind of notice was switched off.
    await dropUnwanted(this.#deps);
    await forgetOldAddresses(this.#deps);
    if (elapsedMs() - this.#lookedAnewAt > anewMs) {
      this.#looked.clear();
      this.#lookedAnewAt = elapsedMs();
    }
    this.#left = oldRows(this.#deps).map((rows) => ({ rows, from: this.#looked.get(rows.table) ?? null }));
  }

  /**
   * Goes on with the run; nothing if none is under way. At least one portion is deleted. A table whose portion fails is left
   * to the next run: old records may wait, the registrations that the leader sends after this may not.
   */
  async step(): Promise<void> {
    const { log } = this.#deps;
    const until = elapsedMs() + this.#stepMs;
    for (let [first] = this.#left; first; [first] = this.#left) {
      const { table, before, except } = first.rows;
      const portion = await this.#portion(first);
      const { count, last } = portion ?? { count: 0, last: null };
      if (count > 0) this.#dropped[table] = (this.#dropped[table] ?? 0) + count;
      first.from = last ?? first.from;
      if (count < portionSize) this.#left.shift();
      if (portion && count < portionSize && except && before instanceof Date) this.#looked.set(table, before);
      if (this.#left.length === 0 && Object.keys(this.#dropped).length > 0) {
        log.info(this.#dropped, "old records were deleted");
        this.#dropped = {};
      }
      if (count === portionSize && elapsedMs() >= until) return;
    }
  }

  /** Null if it failed. */
  async #portion({ rows, from }: { rows: OldRows; from: Date | null }): Promise<Portion | null> {
    const { db, log } = this.#deps;
    try {
      return await deletePortion(db, rows, from);
    } catch (error) {
      log.error({ err: error, table: rows.table }, "old records could not be deleted");
      return null;
    }
  }
}

function oldRows({ env }: Pick<Deps, "env">): OldRows[] {
  const now = new Date();
  const logged = { column: "at", before: new Date(now.getTime() - env.RETAIN_LOG_DAYS * dayMs) } as const;
  const making = Prisma.sql`outcome = 'OK' and method in (${Prisma.join(makingMethods)})`;
  return [
    ...(env.RETAIN_LOG_DAYS > 0
      ? [{ table: "CrmLog", ...logged, except: making } as const, { table: "SignIn", ...logged } as const]
      : []),
    oldGuesses(),
    oldStamps(),
    oldKeys(),
    oldDeliveries(),
    oldAlertMessages(),
    oldNotices(),
    expiredSessions(),
    { table: "PasswordReset", column: "expiresAt", before: now },
  ];
}

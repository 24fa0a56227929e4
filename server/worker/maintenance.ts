import { maintainConfirmations, sendOverdue } from "../confirmation/maintenance";
import { sweepCorrections } from "../corrections/corrections";
import { endFormerHolds } from "../crm/former-holds";
import { startNightly } from "../deal-sync/reconcile-runs";
import { retentionWait } from "../identity/retention-wait";
import { sweepPaid } from "../payments/enqueue-paid";
import { elapsedMs } from "../platform/elapsed";
import { sweepErasures } from "../privacy/portal-erasure";
import { Retention } from "../privacy/retention";
import { priorities } from "../queue/queue";
import { alertLongWait } from "../queue/wait-alert";
import type { Services } from "../services";
import { rollUpStatistics } from "../statistics/statistics";
import { Purge } from "./purge";

const everyMs = {
  heartbeat: 5_000,
  wait: 10_000,
  holds: 10_000,
  sweep: 60_000,
  confirm: 60_000,
  nightly: 60_000,
  rollUp: 60_000,
  purge: 3_600_000,
} as const;
/** A pending row that has been due for this long should have been fetched: its job may be lost. */
const overdueMs = 5 * 60_000;
const sweepSize = 1_000;

type Deps = Pick<Services, "db" | "queue" | "log" | "env" | "mail" | "forms">;

/** The leader's maintenance: heartbeat, sweep for lost jobs, daily statistics, purge of old records. */
export class Maintenance {
  readonly #deps: Deps;
  readonly #purge: Purge;
  readonly #retention: Retention;
  readonly #doneAt: Partial<Record<keyof typeof everyMs, number>> = {};
  readonly #stopped = new AbortController();
  #mailing = false;
  /** From when on the next sweep looks for payments without a comparison. */
  #paidSince: Date | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#purge = new Purge(deps);
    this.#retention = new Retention(deps, () => retentionWait(deps));
  }

  async runDue(): Promise<void> {
    await this.#due("heartbeat", () =>
      this.#deps.db.crmPortal.update({ where: { id: 1 }, data: { workerSeenAt: new Date() }, select: { id: true } }),
    );
    await this.#due("wait", () => alertLongWait(this.#deps));
    await this.#due("holds", () => endFormerHolds(this.#deps));
    await this.#due("sweep", async () => {
      await sweepPending(this.#deps);
      this.#paidSince = await sweepPaid(this.#deps, this.#paidSince);
      await sweepCorrections(this.#deps);
      await sweepErasures(this.#deps);
    });
    await this.#due("confirm", async () => {
      void this.#mail();
      await maintainConfirmations(this.#deps);
    });
    await this.#due("rollUp", () => rollUpStatistics(this.#deps));
    await this.#due("nightly", () => startNightly(this.#deps));
    await this.#due("purge", async () => {
      await this.#purge.begin();
      this.#retention.begin();
    });
    await this.#purge.step();
    await this.#retention.step();
  }

  /** Ends the mail that is being sent: the next leader sends it. */
  stop(): void {
    this.#stopped.abort();
  }

  /** Beside the worker's turns, which wait for no mail server. */
  async #mail(): Promise<void> {
    if (this.#mailing || this.#stopped.signal.aborted) return;
    this.#mailing = true;
    try {
      await sendOverdue(this.#deps, this.#stopped.signal);
    } catch (err) {
      this.#deps.log.error({ err }, "confirmations could not be sent again");
    } finally {
      this.#mailing = false;
    }
  }

  async #due(task: keyof typeof everyMs, run: () => Promise<unknown>): Promise<void> {
    const doneAt = this.#doneAt[task];
    if (doneAt !== undefined && elapsedMs() - doneAt < everyMs[task]) return;
    this.#doneAt[task] = elapsedMs();
    await run();
  }
}

/**
 * Adds jobs for pending registrations that seem to have none. The rows are the truth, so even a lost queue is rebuilt.
 * Existing waiting jobs are kept.
 */
export async function sweepPending({ db, queue }: Pick<Deps, "db" | "queue">): Promise<number> {
  const overdue = new Date(Date.now() - overdueMs);
  const rows = await db.$queryRaw<{ id: number }[]>`
    select u.id from "User" u
    where u."crmState" = 'PENDING' and coalesce(u."crmNextAttemptAt", u."createdAt") < ${overdue}
      and not exists (
        select 1 from ${queue.jobs} j
        where j.name = 'crm-registration' and j.state <= 'active' and j.singleton_key = u.id::text)
    order by u."createdAt" limit ${sweepSize}`;
  await queue.ensure(
    "crm-registration",
    rows.map((row) => row.id),
    priorities.registration,
  );
  return rows.length;
}

import { notRemovedCode } from "../../bitrix24/not-removed";
import { Bitrix24Error } from "../../bitrix24/transport/error";
import { afterInFlight } from "../../crm/in-flight";
import { maxAttempts, noteFailure, quietRun, type SyncRun } from "../../crm/sync-run";
import { backOffMs, heldMs } from "../../queue/back-off";
import type { FinishedJob, Job } from "../../queue/queue";
import type { Services } from "../../services";
import { carryOut, type Result } from "./carry-out";
import { loadPending, type PendingCorrection } from "./pending";

/** Two records to read per person, and fifty commands fit into a request. */
export const correctionsAtOnce = 25;

type Deps = Pick<Services, "db" | "pool" | "queue" | "bitrix24" | "log" | "env" | "forms" | "consents">;

/**
 * Brings changed details to the portal. Every run reads the portal and writes only the difference, after earlier
 * requests for that person can no longer take effect; so repeating changes nothing. Errors of the portal are not
 * thrown, as with registrations.
 */
export async function correctOnPortal(deps: Deps, jobs: Job[]): Promise<SyncRun> {
  const run: SyncRun = { ...quietRun };
  const pending = await loadPending(
    deps,
    jobs.map(({ userId }) => userId),
  );
  const again = new Map<number, Date>();
  for (const { userId, busyUntil } of pending) if (busyUntil) again.set(userId, busyUntil);
  const due = pending.filter(({ busyUntil }) => !busyUntil);
  const results = await carryOut(deps, due);
  for (const correction of due) {
    const result = results.get(correction.userId);
    const retryAt = result && (await settle(deps, correction, result, run));
    if (retryAt) again.set(correction.userId, retryAt);
    else run.synced++;
  }
  await deps.queue.finish(
    "crm-correction",
    jobs.map((job): FinishedJob => {
      const retryAt = again.get(job.userId);
      return retryAt ? { ...job, retryAt } : job;
    }),
  );
  return run;
}

/** Saves the result. Returns when the correction is retried; undefined if it is finished. */
async function settle(
  deps: Deps,
  correction: PendingCorrection,
  result: Result,
  run: SyncRun,
): Promise<Date | undefined> {
  const { env, log } = deps;
  const { userId } = correction;
  if (result === "held") return new Date(Date.now() + heldMs(env));
  if (result === "retriedWithout") return afterInFlight(deps.db, userId, 0);
  if (result instanceof Bitrix24Error) return noteRetry(deps, correction, result, run);
  const isByHand = result === "noDeal" || result === "full";
  const state = isByHand ? "failed" : result;
  const isSettled = await save(deps, correction, {
    ...(stillPending(correction) ?? { state, settledAt: new Date(), told: [], consents: [] }),
    error: result === "noDeal" ? "NOT_OURS" : result === "full" ? "COMMENT_FULL" : null,
  });
  // The details changed again during the run: run once more for the newer change.
  if (!isSettled) return new Date();
  if (isByHand)
    log.warn({ userId, result }, "no deal's comment could tell the manager of a correction: it has to be made by hand");
  else log.info({ userId, result }, "a correction is settled on the portal");
  return undefined;
}

/** What the settled part of a correction leaves to be done once the person gives the consent to the processing again. */
const stillPending = ({ waits }: PendingCorrection) =>
  waits && { state: "pending", settledAt: null, consents: waits.consents, attempts: 0 };

/** Only failures caused by this person's records count as attempts; outages do not. */
async function noteRetry(
  deps: Deps,
  correction: PendingCorrection,
  error: Bitrix24Error,
  run: SyncRun,
): Promise<Date | undefined> {
  const { env, log } = deps;
  const { userId } = correction;
  // Not tried, behind others that failed: nothing is known of this one.
  if (error.kind === "halted") return afterInFlight(deps.db, userId, Date.now() + env.BITRIX24_RETRY_BASE_MS);
  const own = error.kind === "refused" || error.refusesItem;
  if (!own) noteFailure(run, error);
  const attempts = correction.attempts + (own ? 1 : 0);
  if (attempts >= maxAttempts) {
    const givenUp = {
      state: "failed",
      settledAt: new Date(),
      attempts,
      error: error.code,
      ...stillPending(correction),
    };
    if (!(await save(deps, correction, givenUp))) return new Date();
    log.error(
      { userId, code: error.code, attempts },
      "the portal does not take a correction: a manager has to make it",
    );
    return undefined;
  }
  const contactRefusals = correction.contactRefusals + (own && turnsDownContact(error) ? 1 : 0);
  await save(deps, correction, { attempts, contactRefusals, error: error.code });
  const wait = own ? backOffMs(env, attempts) : env.BITRIX24_RETRY_BASE_MS;
  return afterInFlight(deps.db, userId, Math.max(Date.now() + wait, error.retryAt?.getTime() ?? 0));
}

/**
 * Whether the portal does not take the contact's change, as opposed to a record that it does not return or a refused
 * note.
 */
const turnsDownContact = ({ step, code }: Bitrix24Error): boolean =>
  step?.startsWith("contact.") === true || code === notRemovedCode;

/** False if the details changed again since this run read them, or the person was erased. */
async function save(
  { db }: Deps,
  { userId, revision }: PendingCorrection,
  data: {
    state?: string;
    settledAt?: Date | null;
    told?: [];
    consents?: string[];
    attempts?: number;
    contactRefusals?: number;
    error?: string | null;
  },
): Promise<boolean> {
  const { count } = await db.crmCorrection.updateMany({ where: { userId, revision }, data });
  return count > 0;
}

import type { Erasure } from "../../prisma/generated/client";
import { raiseAlert } from "../alerts/raise";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { noteFailure, quietRun, type SyncRun } from "../crm/sync-run";
import { backOffMs } from "../queue/back-off";
import { type FinishedJob, type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { type Counts, eraseRecords } from "./erase-records";
import { asRead } from "./erasure-as-read";
import { refusalAfterRecords, refusalAlone, refusalIfOwn } from "./refusal";
import { giveUpVisitAndMessage, removeVisitAndMessage, tracesLeft } from "./visit-and-message";

/** Few at a time, so that registrations do not wait for erasures. */
export const erasuresAtOnce = 5;

/** Rejections after which an administrator is alerted: another way of erasing may be needed. */
export const attemptsToTell = 5;

type Deps = Pick<Services, "db" | "queue" | "bitrix24" | "log" | "env">;

interface Done {
  counts: Counts;
  /** The visit or the message is given up. */
  isLeft?: boolean;
  failure?: undefined;
}

interface Failed {
  failure: Bitrix24Error;
  /** Set if the records are erased and only the visit or the message is not removed. */
  counts?: Counts;
}

type Followed = Done | Failed;

/**
 * Erases people on the portal: records with their external id are deleted or made anonymous. May be repeated.
 * Errors of the portal are not thrown; the job is rescheduled until it is done.
 */
export async function eraseOnPortal(deps: Deps, jobs: Job[]): Promise<SyncRun> {
  const { db, queue } = deps;
  const run: SyncRun = { ...quietRun };
  const finished: FinishedJob[] = [];
  for (const job of jobs) {
    const erasure = await db.erasure.findUnique({ where: { userId: job.userId, state: "pending" } });
    if (!erasure) {
      finished.push(job);
      continue;
    }
    // A request in flight would recreate what is removed now.
    const busyUntil = await inFlightUntil(deps, erasure);
    if (busyUntil) {
      finished.push({ ...job, retryAt: busyUntil });
      continue;
    }
    const retryAt = await follow(deps, erasure, run);
    finished.push(retryAt ? { ...job, retryAt } : job);
  }
  await queue.finish("crm-erasure", finished);
  return run;
}

/**
 * Until when a request in flight may still create a record, a trace or a message for this person, by the database's
 * clock; null: none. A trace and a message may travel without the in-flight marker, behind a registration that is
 * complete.
 */
async function inFlightUntil({ db, env }: Deps, { userId, traceOpen, toldAt }: Erasure): Promise<Date | null> {
  const lateMs = env.BITRIX24_TIMEOUT_MS + env.BITRIX24_SETTLE_MS;
  const [row] = await db.$queryRaw<{ until: Date }[]>`
    select until from (
      select greatest("crmInFlightUntil",
        case when ${traceOpen} then "crmTracedAt" + ${lateMs} * interval '1 millisecond' end,
        ${toldAt}::timestamptz + ${lateMs} * interval '1 millisecond') as until
      from "User" where id = ${userId}) as busy
    where until > clock_timestamp()`;
  return row?.until ?? null;
}

/** Erases one person; returns when to try again, or null once the portal has followed. */
async function follow(deps: Deps, erasure: Erasure, run: SyncRun): Promise<Date | null> {
  let followed: Followed;
  try {
    followed = hasErasedRecords(erasure) ? await tryVisitAndMessageAgain(deps, erasure) : await eraseAll(deps, erasure);
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    followed = { failure: await refusalIfOwn(deps.bitrix24.client, error) };
  }
  if (followed.failure) return noteRetry(deps, erasure, followed, run);
  const counts = await finish(deps, erasure, followed);
  if (!counts) return new Date();
  deps.log.info({ userId: erasure.userId, mode: erasure.mode, ...counts }, "an erasure is complete on the portal");
  run.synced++;
  return null;
}

/** Completes the erasure. Null if an administrator has changed the demand since the row was read. */
async function finish({ db }: Deps, erasure: Erasure, { counts, isLeft }: Done): Promise<Counts | null> {
  const { userId } = erasure;
  return db.$transaction(async (tx) => {
    const { count } = await tx.erasure.updateMany({
      where: asRead(erasure),
      data: { state: "done", doneAt: new Date(), traces: [], error: null },
    });
    if (count === 0) return null;
    if (isLeft) await giveUpVisitAndMessage(tx, userId);
    const traces = await tracesLeft(tx, userId);
    const all = traces > 0 ? { ...counts, traces } : counts;
    await tx.erasure.update({ where: { userId }, data: { counts: { ...all } }, select: { userId: true } });
    return all;
  });
}

/**
 * Retried without end: the law demands the erasure. Only failures caused by this person's records count as attempts;
 * the visit and the message have attempts of their own.
 */
async function noteRetry(
  { db, env, log }: Deps,
  erasure: Erasure,
  { failure: error, counts }: Failed,
  run: SyncRun,
): Promise<Date> {
  // A record that the webhook's user may not access is this erasure's failure, too: other erasures continue.
  const own = error.kind === "refused" || error.refusesItem;
  if (!own) noteFailure(run, error);
  const attempts = (counts ? 0 : erasure.attempts) + (own ? 1 : 0);
  const { userId } = erasure;
  const isNoted = await db.$transaction(async (tx) => {
    const { count } = await tx.erasure.updateMany({
      where: asRead(erasure),
      data: { attempts, error: error.code, ...(counts ? { counts: { ...counts } } : {}) },
    });
    if (count > 0 && own && attempts === attemptsToTell)
      await raiseAlert({ db: tx, env }, { kind: "erasure", facts: { code: error.code, userId } });
    return count > 0;
  });
  log.warn({ userId, code: error.code, attempts }, "an erasure is not complete on the portal yet");
  const wait = !isNoted ? 0 : own ? backOffMs(env, attempts) : env.BITRIX24_RETRY_BASE_MS;
  return new Date(Math.max(Date.now() + wait, error.retryAt?.getTime() ?? 0));
}

const hasErasedRecords = ({ counts }: Pick<Erasure, "counts">): boolean => Object.keys(counts as object).length > 0;

/** The failure that matters: one that says nothing about this person comes before a refusal. */
const firstOf = (failures: Bitrix24Error[]): Bitrix24Error | undefined =>
  failures.find(({ kind }) => kind !== "refused") ?? failures[0];

/**
 * Erases the records. If only the visit or the message could not be removed, returns that failure together with the
 * counts.
 */
async function eraseAll(deps: Deps, erasure: Erasure): Promise<Followed> {
  const { counts, failures } = await eraseRecords(deps, erasure);
  const failure = firstOf(failures.map(refusalAfterRecords));
  return failure ? { failure, counts } : { counts };
}

/**
 * Tries again to remove the visit and the message, and gives up after as many refusals as raise an alert about a
 * record. The person's data are gone by then: the records that held them are erased.
 */
async function tryVisitAndMessageAgain(deps: Deps, erasure: Erasure): Promise<Followed> {
  const judged: Bitrix24Error[] = [];
  for (const error of await removeVisitAndMessage(deps, erasure, []))
    judged.push(await refusalAlone(deps.bitrix24.client, error));
  const failure = firstOf(judged);
  if (failure && (failure.kind !== "refused" || erasure.attempts + 1 < attemptsToTell)) return { failure };
  return { counts: erasure.counts as unknown as Counts, isLeft: failure !== undefined };
}

/** Enqueues a job for erasures that seem to have none: the rows are the truth. */
export async function sweepErasures({ db, queue }: Pick<Deps, "db" | "queue">): Promise<void> {
  const pending = await db.erasure.findMany({
    where: { state: "pending" },
    select: { userId: true },
    orderBy: { requestedAt: "asc" },
    take: 1_000,
  });
  await queue.ensure(
    "crm-erasure",
    pending.map(({ userId }) => userId),
    priorities.registration,
  );
}

import { countedAtMost, type WaitFacts } from "../alerts/kinds";
import { endAlert, raiseAlert } from "../alerts/raise";
import { portalUncompared } from "../bitrix24/portal-watch";
import { lookEvery } from "../platform/repeat";
import type { Services } from "../services";
import { mustCompareFirst } from "./compare-first";
import { isWorkerSilent, queueHealth } from "./health";

type Deps = Pick<Services, "db" | "env" | "log">;

/**
 * What was reported: nothing; that some registrations wait because of their own data; that registrations wait for a
 * common cause.
 */
const levels = { none: 0, own: 1, everybody: 2 } as const;
type Level = (typeof levels)[keyof typeof levels];

interface Waiting {
  late: number;
  lateForAll: number;
  half: number;
  halfForAll: number;
}

/**
 * Reports by log and alert when a registration has waited longer than ALERT_WAIT_MINUTES, for any cause, and when that
 * is over: once each, by all processes together. It is over at half the limit, so that a queue near the limit does not
 * cause repeated mails. Registrations that are refused because of their own data may wait for hours; an outage that
 * begins meanwhile is reported all the same.
 */
export async function alertLongWait(deps: Deps): Promise<void> {
  const { db, env, log } = deps;
  const minutes = env.ALERT_WAIT_MINUTES;
  if (minutes === 0) return;
  const now = await countWaiting(deps, minutes);
  const { waitAlert: told } = await db.crmPortal.findUniqueOrThrow({ where: { id: 1 }, select: { waitAlert: true } });
  const reached = levelOf(now.late, now.lateForAll);
  const next = reached > told ? reached : levelOf(now.half, now.halfForAll) < told ? reached : told;
  if (next === told) return;
  const facts = next > told ? await readFacts(deps, { waiting: now.late, forAll: next === levels.everybody }) : null;
  const isFirst = await db.$transaction(async (tx) => {
    const where = { id: 1, waitAlert: told };
    const { count } = await tx.crmPortal.updateMany({ where, data: { waitAlert: next } });
    if (count === 0) return false;
    if (facts) await raiseAlert({ db: tx, env }, { kind: "wait", facts });
    else await endAlert(tx, "wait", { still: now.late });
    return true;
  });
  if (!isFirst) return;
  if (facts) {
    const { oldestMinutes, waiting, code } = facts;
    log.error({ oldestMinutes, waiting, code }, "registrations wait for Bitrix24 longer than ALERT_WAIT_MINUTES");
  } else log.info({ waiting: now.late }, "registrations get through to Bitrix24 again");
}

const levelOf = (some: number, forAll: number): Level =>
  forAll > 0 ? levels.everybody : some > 0 ? levels.own : levels.none;

async function countWaiting({ db }: Pick<Deps, "db">, minutes: number): Promise<Waiting> {
  const [row] = await db.$queryRaw<Waiting[]>`
    with waiting as (
      select "crmPendingSince" < now() - ${minutes} * interval '1 minute' as late,
             "crmAttempts" > 0 or "crmError" is not distinct from 'FOREIGN_MARK' as own
      from "User" where "crmState" = 'PENDING' and "crmPendingSince" < now() - ${minutes / 2} * interval '1 minute'
      order by "crmPendingSince" limit ${countedAtMost}
    )
    select count(*) filter (where late)::int as late, count(*) filter (where late and not own)::int as "lateForAll",
           count(*)::int as half, count(*) filter (where not own)::int as "halfForAll"
    from waiting`;
  return row ?? { late: 0, lateForAll: 0, half: 0, halfForAll: 0 };
}

async function readFacts(deps: Deps, { waiting, forAll }: { waiting: number; forAll: boolean }): Promise<WaitFacts> {
  const { db } = deps;
  const health = await queueHealth(deps);
  // If any registrations wait for a common cause, their failure is the one that matters.
  const failed = await db.user.findFirst({
    where: { crmState: "PENDING", crmError: { not: null }, ...(forAll ? { crmAttempts: 0 } : {}) },
    orderBy: { crmPendingSince: "asc" },
    select: { crmError: true, crmErrorField: true },
  });
  const { pausedBy, pauseField, workerSeenAt } = health;
  // While a restored portal is compared no registration is tried, so none tells why it waits.
  const common = health.pauseCode ?? ((await mustCompareFirst(db)) ? portalUncompared().code : null);
  return {
    oldestMinutes: Math.floor(health.oldestPendingSeconds / 60),
    waiting,
    forAll,
    pausedBy,
    workerSilent: isWorkerSilent(workerSeenAt),
    syncedLast10Minutes: health.syncedLast10Minutes,
    code: common ?? failed?.crmError ?? undefined,
    field: common ? pauseField : failed?.crmErrorField,
  };
}

/**
 * Checks at intervals, also in a process without a worker: the worker may be what is missing. Returns a function that
 * stops the checks.
 */
export function watchLongWait(deps: Deps, { everyMs = 30_000 } = {}): () => Promise<void> {
  const look = () =>
    alertLongWait(deps).catch((err: unknown) => {
      deps.log.warn({ err }, "the longest wait could not be read");
    });
  return lookEvery(everyMs, look);
}

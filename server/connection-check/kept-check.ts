import { z } from "zod";
import { waitsForLook } from "../crm/form-holds";
import { lastNight } from "../deal-sync/reconcile-runs";
import { lookEvery } from "../platform/repeat";
import { isUnfit } from "../queue/circuit-breaker";
import type { Services } from "../services";
import { type Check, type CheckId, checkIds } from "./check";
import { checkConnection } from "./check-connection";
import { followCheck } from "./follow-check";
import { demandsToKeep } from "./proven-demands";

/** The result of the last connection check. */
export interface CheckVerdict {
  state: "ok" | "warn" | "fail";
  red: CheckId[];
  checkedAt: string;
}

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "log" | "mail" | "forms" | "queue">;

/** While the queue or a form is held up by what no longer fits, the portal is asked this often whether it fits again. */
const unfitMs = 30_000;
/** Several processes may start together: only one of them makes the check. */
const atStartMs = 60_000;
/** For this long after the start a backlog of registrations goes before the check. */
const longestBacklogMs = 10 * 60_000;
/** Longer than a check takes. One whose process was killed, or that could not be made, is made again after this time. */
const claimedForMs = 2 * 60_000;

const ids = z.array(z.enum(checkIds));
const kept = z.object({ red: ids, amber: ids });

/** Stores the result of a check for the page of statistics. */
export async function keepCheck({ db }: Pick<Services, "db">, checks: Check[]): Promise<void> {
  const those = (state: Check["state"]) => checks.flatMap((check) => (check.state === state ? [check.id] : []));
  const { pausedBy, pauseCode } = await pauseOf({ db });
  await db.crmPortal.update({
    where: { id: 1 },
    data: {
      connectionCheck: {
        ...{ red: those("fail"), amber: those("warn") },
        demandedSince: await demandsToKeep({ db }, checks),
      },
      connectionCheckAt: new Date(),
      connectionCheckUntil: null,
      connectionCheckPause: pausedBy === "breaker" ? pauseCode : null,
    },
    select: { id: true },
  });
}

/** Null before the first check. */
export async function readVerdict({ db }: Pick<Services, "db">): Promise<CheckVerdict | null> {
  const { connectionCheck: found, connectionCheckAt } = await pauseOf({ db });
  const read = kept.safeParse(found).data;
  if (!read || !connectionCheckAt) return null;
  const state = read.red.length > 0 ? "fail" : read.amber.length > 0 ? "warn" : "ok";
  return { state, red: read.red, checkedAt: connectionCheckAt.toISOString() };
}

const pauseOf = ({ db }: Pick<Services, "db">) =>
  db.crmPortal.findUniqueOrThrow({
    where: { id: 1 },
    select: {
      pausedBy: true,
      pauseCode: true,
      connectionCheck: true,
      connectionCheckAt: true,
      connectionCheckPause: true,
    },
  });

/**
 * Makes the check if it is due, and returns whether it was. It is due if the last one is of before this night or of before
 * `since`, or if the queue has been paused or resumed since. One process of all makes it, and pauses the queue if what
 * registrations send no longer fits; but not where it was made only because the queue was resumed. Until it has ended the
 * one before it stays the last check.
 */
export async function checkIfDue(deps: Deps, since = new Date(0)): Promise<boolean> {
  const { db, env, log } = deps;
  const { pausedBy, pauseCode, connectionCheckAt, connectionCheckPause } = await pauseOf(deps);
  const pause = pausedBy === "breaker" ? pauseCode : null;
  const night = Math.max(since.getTime(), lastNight(env.TIME_ZONE).getTime());
  // What happened while the last check was under way may have come too late for it.
  const seen = new Date((connectionCheckAt?.getTime() ?? 0) - claimedForMs);
  const waits = isUnfit({ pausedBy, pauseCode }) || (await waitsForLook(deps, seen));
  const oldest = waits ? Math.max(night, Date.now() - unfitMs) : night;
  const isOld = !connectionCheckAt || connectionCheckAt.getTime() < oldest;
  if (!isOld && pause === connectionCheckPause) return false;
  const { count } = await db.crmPortal.updateMany({
    where: {
      ...{ id: 1, connectionCheckAt, connectionCheckPause },
      OR: [{ connectionCheckUntil: null }, { connectionCheckUntil: { lt: new Date() } }],
    },
    data: { connectionCheckUntil: new Date(Date.now() + claimedForMs) },
  });
  if (count === 0) return false;
  const checks = await checkConnection(deps);
  try {
    await followCheck(deps, checks, { mayPause: isOld });
  } finally {
    // Kept also where it could not be followed, or it would be made again every two minutes.
    await keepCheck(deps, checks);
  }
  const red = checks.flatMap(({ id, state }) => (state === "fail" ? [id] : []));
  if (red.length > 0) log.warn({ red }, "the connection check is red");
  return true;
}

/**
 * Whether registrations wait and none of them has failed: sending them tests the portal better than any check, and they
 * need its requests themselves. While the queue is paused, they do not flow.
 */
async function registrationsFlow({ db }: Pick<Services, "db">): Promise<boolean> {
  const [row] = await db.$queryRaw<{ flow: boolean }[]>`
    select p."pausedBy" is null
      and exists (select 1 from "User" where "crmState" = 'PENDING' and "crmError" is null)
      and not exists (select 1 from "User" where "crmState" = 'PENDING' and "crmError" is not null) as flow
    from "CrmPortal" p where p.id = 1`;
  return row?.flow ?? false;
}

/**
 * Makes the check at the start, daily, and when the queue pauses automatically or resumes. At a start with a backlog it
 * is made after the backlog, or as soon as one of the registrations fails, and after ten minutes in any case. Returns a
 * function that stops it.
 */
export function watchConnection(deps: Deps, { everyMs = 15_000 } = {}): () => Promise<void> {
  const started = new Date(Date.now() - atStartMs);
  const latest = Date.now() + longestBacklogMs;
  let stopped = false;
  const look = async () => {
    if (stopped) return;
    await lookOnce().catch((err: unknown) => {
      if (!stopped) deps.log.warn({ err }, "the connection check could not be made");
    });
  };
  const lookOnce = async () => {
    if (Date.now() >= latest || !(await registrationsFlow(deps))) await checkIfDue(deps, started);
  };
  const end = lookEvery(everyMs, look, look());
  return async () => {
    stopped = true;
    await end();
  };
}

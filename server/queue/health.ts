import type { Services } from "../services";
import { readPortalState } from "./circuit-breaker";

const paceMinutes = 10;
/** A worker sends its heartbeat between turns, and a turn may wait for several requests that time out. */
const silentAfterMs = 120_000;

/** Whether no worker has sent a heartbeat for longer than its longest turn takes. */
export const isWorkerSilent = (workerSeenAt: Date | null): boolean =>
  !workerSeenAt || Date.now() - workerSeenAt.getTime() > silentAfterMs;

/** The state of the queue to the portal; small indexed queries, cheap enough for every page that shows it. */
export interface QueueHealth {
  pending: number;
  /** Pending registrations whose last attempt failed. */
  retrying: number;
  failed: number;
  /** The waiting time of the oldest pending registration; 0 if none waits. */
  oldestPendingSeconds: number;
  /**
   * How many registrations wait longer than ALERT_WAIT_MINUTES, which is `waitLimitMinutes`; 0 means there is no limit.
   */
  overdue: number;
  waitLimitMinutes: number;
  syncedLast10Minutes: number;
  /** Seconds until the backlog is empty at the throughput of the last ten minutes; null if that is zero. */
  secondsToDrain: number | null;
  pausedBy: "admin" | "breaker" | null;
  pauseCode: string | null;
  pauseField: string | null;
  pausedAt: Date | null;
  /** The last heartbeat of the leading worker; null: none yet. */
  workerSeenAt: Date | null;
}

/** Without those that are held, of whom there may be any number: nothing about them is counted here. */
export async function queueHealth({ db, env }: Pick<Services, "db" | "env">): Promise<QueueHealth> {
  const waitLimitMinutes = env.ALERT_WAIT_MINUTES;
  const [counts, synced, state] = await Promise.all([
    db.$queryRaw<{ pending: number; retrying: number; failed: number; overdue: number; oldest: number }[]>`
      select count(*) filter (where "crmState" = 'PENDING')::int as pending,
             count(*) filter (where "crmState" = 'PENDING' and "crmError" is not null)::int as retrying,
             count(*) filter (where "crmState" = 'FAILED')::int as failed,
             count(*) filter (where "crmState" = 'PENDING' and ${waitLimitMinutes} > 0
                and "crmPendingSince" < now() - ${waitLimitMinutes} * interval '1 minute')::int as overdue,
             coalesce(extract(epoch from now() - (
               select min("crmPendingSince") from "User" where "crmState" = 'PENDING')), 0)::float8 as oldest
      from "User" where "crmState" in ('PENDING', 'FAILED')`,
    db.user.count({ where: { crmSyncedAt: { gt: new Date(Date.now() - paceMinutes * 60_000) } } }),
    readPortalState({ db }),
  ]);
  const { pending = 0, retrying = 0, failed = 0, overdue = 0, oldest = 0 } = counts[0] ?? {};
  return {
    pending,
    retrying,
    failed,
    oldestPendingSeconds: Math.round(oldest),
    overdue,
    waitLimitMinutes,
    syncedLast10Minutes: synced,
    secondsToDrain: pending === 0 ? 0 : synced === 0 ? null : Math.round((pending / synced) * paceMinutes * 60),
    pausedBy: state.pausedBy,
    pauseCode: state.pauseCode,
    pauseField: state.pauseField,
    pausedAt: state.pausedAt,
    workerSeenAt: state.workerSeenAt,
  };
}

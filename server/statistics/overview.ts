import type { IdentityQuestion } from "../identity/question";
import { readIdentity } from "../identity/view";
import { type QueueHealth, queueHealth } from "../queue/health";
import type { Services } from "../services";
import { drawStatistics, type StatisticsChart } from "./chart";
import { type Period, periodQuery } from "./period";
import { SharedReading } from "./shared-reading";
import { readStatistics, type Statistics } from "./statistics";

/** The health of the queue in a form that fits into JSON. */
export type QueueView = Omit<QueueHealth, "pausedAt" | "workerSeenAt"> & {
  pausedAt: string | null;
  workerSeenAt: string | null;
  /** No worker has sent a heartbeat for longer than its longest turn takes. */
  workerSilent: boolean;
  /** The kind of the open question about the portal or this database, which stops writing; see server/identity. */
  asked: IdentityQuestion["kind"] | null;
  /** A restored portal or database is compared before anything is written. */
  comparing: boolean;
};

export interface Overview {
  statistics: Statistics;
  chart: StatisticsChart;
  queue: QueueView;
}

/** A worker sends its heartbeat between turns, and a turn may wait for several requests that time out. */
const silentAfterMs = 120_000;

/** One for each database; in production that is one for the process. */
const readings = new WeakMap<Services["db"], SharedReading>();

function sharedReading(db: Services["db"]): SharedReading {
  const shared = readings.get(db) ?? new SharedReading();
  readings.set(db, shared);
  return shared;
}

export async function readQueue(deps: Pick<Services, "db" | "env">): Promise<QueueView> {
  const [{ pausedAt, workerSeenAt, ...health }, { question, comparing }] = await Promise.all([
    queueHealth(deps),
    readIdentity(deps),
  ]);
  return {
    ...health,
    pausedAt: pausedAt?.toISOString() ?? null,
    workerSeenAt: workerSeenAt?.toISOString() ?? null,
    workerSilent: !workerSeenAt || Date.now() - workerSeenAt.getTime() > silentAfterMs,
    asked: question?.kind ?? null,
    comparing,
  };
}

/**
 * The overview's data. Shared, because the statistics of a long period are the most expensive query of all pages, and
 * open pages request them every few seconds.
 */
export async function readOverview(deps: Pick<Services, "db" | "env">, period: Period): Promise<Overview> {
  const [statistics, queue] = await Promise.all([
    sharedReading(deps.db).read(periodQuery(period), () => readStatistics(deps, period)),
    readQueue(deps),
  ]);
  return { statistics, chart: drawStatistics(statistics), queue };
}

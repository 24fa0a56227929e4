import type { IdentityQuestion } from "../identity/question";
import { readIdentity } from "../identity/view";
import { type QueueHealth, queueHealth } from "../queue/health";
import type { Services } from "../services";
import { drawStatistics, type StatisticsChart } from "./chart";
import { type Period, periodQuery } from "./period";
import { SharedReading } from "./shared-reading";
import { readStatistics, type Statistics } from "./statistics";

/** The health of the queue as JSON can carry it. */
export type QueueView = Omit<QueueHealth, "pausedAt" | "workerSeenAt"> & {
  pausedAt: string | null;
  workerSeenAt: string | null;
  /** No worker has given a sign for longer than its longest turn lasts. */
  workerSilent: boolean;
  /** What an administrator has to say before everything is written again; see server/identity. */
  asked: IdentityQuestion["kind"] | null;
  /** What was put back from a backup is compared before anything is written. */
  comparing: boolean;
};

export interface Overview {
  statistics: Statistics;
  chart: StatisticsChart;
  queue: QueueView;
}

/** A worker gives its sign between turns, and a turn may wait for several requests that hang. */
const silentAfterMs = 120_000;

/** One for each database, which in the product is one for the process. */
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

/** The statistics of a long period are the dearest reading of all pages, and open pages ask for them every few seconds. */
export async function readOverview(deps: Pick<Services, "db" | "env">, period: Period): Promise<Overview> {
  const [statistics, queue] = await Promise.all([
    sharedReading(deps.db).read(periodQuery(period), () => readStatistics(deps, period)),
    readQueue(deps),
  ]);
  return { statistics, chart: drawStatistics(statistics), queue };
}

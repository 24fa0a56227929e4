import { type QueueHealth, queueHealth } from "../queue/health";
import type { Services } from "../services";
import { drawStatistics, type StatisticsChart } from "./chart";
import { type Period, periodQuery } from "./period";
import { SharedPoll } from "./shared-poll";
import { readStatistics, type Statistics } from "./statistics";

/** The health of the queue as JSON can carry it. */
export type QueueView = Omit<QueueHealth, "pausedAt" | "workerSeenAt"> & {
  pausedAt: string | null;
  workerSeenAt: string | null;
  /** No worker has given a sign for longer than its longest turn lasts. */
  workerSilent: boolean;
};

export interface Overview {
  statistics: Statistics;
  chart: StatisticsChart;
  queue: QueueView;
}

type Deps = Pick<Services, "db" | "env" | "log">;

/** A worker gives its sign between turns, and a turn may wait for several requests that hang. */
const silentAfterMs = 120_000;

/** Soon enough to be called live, rarely enough to cost nothing. */
const everyMs = 2_000;

/** One for each database, which in the product is one for the process. */
const polls = new WeakMap<Services["db"], SharedPoll>();

function sharedPoll({ db, log }: Pick<Services, "db" | "log">): SharedPoll {
  const poll = polls.get(db) ?? new SharedPoll({ everyMs, log });
  polls.set(db, poll);
  return poll;
}

export async function readQueue(deps: Pick<Services, "db" | "env">): Promise<QueueView> {
  const { pausedAt, workerSeenAt, ...health } = await queueHealth(deps);
  return {
    ...health,
    pausedAt: pausedAt?.toISOString() ?? null,
    workerSeenAt: workerSeenAt?.toISOString() ?? null,
    workerSilent: !workerSeenAt || Date.now() - workerSeenAt.getTime() > silentAfterMs,
  };
}

export async function readOverview(deps: Pick<Services, "db" | "env">, period: Period): Promise<Overview> {
  const [statistics, queue] = await Promise.all([readStatistics(deps, period), readQueue(deps)]);
  return { statistics, chart: drawStatistics(statistics), queue };
}

/** The overview as it is and whenever it changes, until the signal aborts. */
export const watchOverview = (deps: Deps, period: Period, signal: AbortSignal): AsyncGenerator<Overview> =>
  sharedPoll(deps).watch(`overview?${periodQuery(period)}`, () => readOverview(deps, period), signal);

/** The queue as it is and whenever it changes, until the signal aborts. */
export const watchQueue = (deps: Deps, signal: AbortSignal): AsyncGenerator<QueueView> =>
  sharedPoll(deps).watch("queue", () => readQueue(deps), signal);

import type { Services } from "../services";
import { type AmountsView, readAmounts } from "./amounts";
import { drawStatistics, type StatisticsChart } from "./chart";
import { type Period, periodQuery } from "./period";
import { SharedReading } from "./shared-reading";
import { readStatistics, type Statistics } from "./statistics";

export interface ChartedStatistics {
  statistics: Statistics;
  chart: StatisticsChart;
}

/** One for each database; in production that is one for the process. */
const readings = new WeakMap<Services["db"], SharedReading>();

function sharedReading(db: Services["db"]): SharedReading {
  const shared = readings.get(db) ?? new SharedReading();
  readings.set(db, shared);
  return shared;
}

/**
 * The statistics of a period and their chart. Shared, because the statistics of a long period are the most expensive
 * query of all pages, and open pages request them every few seconds.
 */
export async function sharedStatistics(deps: Pick<Services, "db" | "env">, period: Period): Promise<ChartedStatistics> {
  const statistics = await sharedReading(deps.db).read(periodQuery(period), () => readStatistics(deps, period));
  return { statistics, chart: drawStatistics(statistics) };
}

/** Amounts and revenue of a period, shared for the same reason. */
export const sharedAmounts = (deps: Pick<Services, "db" | "env">, period: Period): Promise<AmountsView> =>
  sharedReading(deps.db).read(`amounts ${periodQuery(period)}`, () => readAmounts(deps, period));

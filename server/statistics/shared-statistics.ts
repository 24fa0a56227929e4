import type { Services } from "../services";
import { type AmountsView, readAmounts } from "./amounts";
import { drawStatistics, type StatisticsChart } from "./chart";
import { type FormStatistics, readFormStatistics } from "./form-statistics";
import { type Period, periodQuery, type StatisticsOf } from "./period";
import { SharedReading } from "./shared-reading";
import { readStatistics, type Statistics } from "./statistics";

type Deps = Pick<Services, "db" | "env">;

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
export async function sharedStatistics(deps: Deps, of: StatisticsOf): Promise<ChartedStatistics> {
  const statistics = await sharedReading(deps.db).read(nameOf("counts", of), () => readStatistics(deps, of));
  return { statistics, chart: drawStatistics(statistics) };
}

/** Amounts and revenue of a period, shared for the same reason. */
export const sharedAmounts = (deps: Deps, of: StatisticsOf): Promise<AmountsView> =>
  sharedReading(deps.db).read(nameOf("amounts", of), () => readAmounts(deps, of));

/** The forms of a period, likewise. */
export const sharedFormStatistics = (deps: Deps, period: Period): Promise<FormStatistics[]> =>
  sharedReading(deps.db).read(nameOf("forms", period), () => readFormStatistics(deps, period));

const nameOf = (what: string, { form = null, ...period }: StatisticsOf): string =>
  `${what} ${form ?? ""} ${periodQuery(period)}`;

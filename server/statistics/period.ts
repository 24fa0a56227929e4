import { addDays, dayIn, dayMs, isDay, isoDay } from "../platform/time-zone";

/** The days of the statistics: the last `days`, or from a day to a day, both included. */
export type Period = { days: PresetDays } | { from: string; to: string };

/** What the statistics are made of: a period, of all forms or of one. */
export type StatisticsOf = Period & { form?: number | null };

export const presets = [7, 30, 90, 365] as const;
export type PresetDays = (typeof presets)[number];
export const defaultPeriod: Period = { days: 30 };

/** The span of one bar of the chart. */
export type Bucket = "day" | "week" | "month";

export interface Span {
  from: string;
  to: string;
  bucket: Bucket;
}

/** Ten years: longer periods have more bars than anyone can read. */
const maxDays = 3_660;

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

/**
 * What is wrong with a period: it is none of the usual ones, has a day that does not exist, is the wrong way round, is
 * too long.
 */
export type PeriodProblem = "unknown" | "day" | "order" | "length";

type AskedPeriod = { days: number } | { from: string; to: string };

const isPeriod = (asked: AskedPeriod): asked is Period => problemOf(asked) === null;

function problemOf(asked: AskedPeriod): PeriodProblem | null {
  if ("days" in asked) return presets.some((days) => days === asked.days) ? null : "unknown";
  const { from, to } = asked;
  if (!isDay(from) || !isDay(to)) return "day";
  if (from > to) return "order";
  return daysBetween(from, to) < maxDays ? null : "length";
}

/**
 * The period in a URL: `days`, or `from` and `to`. Instead of one that is not possible it is the usual one, with what
 * is wrong and the days as they were typed.
 */
export function parsePeriod(params: URLSearchParams): {
  period: Period;
  problem: PeriodProblem | null;
  typed: { from: string; to: string } | null;
} {
  const [days, from, to] = [params.get("days"), params.get("from"), params.get("to")];
  if (!days && !from && !to) return { period: defaultPeriod, problem: null, typed: null };
  const asked = from || to ? { from: from ?? "", to: to ?? "" } : { days: Number(days) };
  if (isPeriod(asked)) return { period: asked, problem: null, typed: null };
  return { period: defaultPeriod, problem: problemOf(asked), typed: "days" in asked ? null : asked };
}

/** The period as the query of a URL. */
export const periodQuery = (period: Period): string =>
  new URLSearchParams("days" in period ? { days: String(period.days) } : { ...period }).toString();

/** The days of the period today; the present day depends on the time zone. */
export function resolvePeriod(period: Period, now: Date, zone: string): Span {
  const today = dayIn(zone, now);
  const { from, to } = "days" in period ? { from: addDays(today, 1 - period.days), to: today } : period;
  const days = daysBetween(from, to) + 1;
  return { from, to, bucket: days <= 92 ? "day" : days <= 2 * 366 ? "week" : "month" };
}

/** The first day of the bucket that contains the day; weeks begin on Monday. */
export function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === "day") return day;
  if (bucket === "month") return `${day.slice(0, 7)}-01`;
  const time = Date.parse(day);
  return isoDay(time - ((new Date(time).getUTCDay() + 6) % 7) * dayMs);
}

/** All buckets of a span, in order, including those without registrations. */
export function bucketStarts({ from, to, bucket }: Span): string[] {
  const starts: string[] = [];
  for (let day = bucketStart(from, bucket); day <= to; day = nextStart(day, bucket)) starts.push(day);
  return starts;
}

function nextStart(start: string, bucket: Bucket): string {
  if (bucket !== "month") return isoDay(Date.parse(start) + (bucket === "day" ? 1 : 7) * dayMs);
  const date = new Date(start);
  return isoDay(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
}

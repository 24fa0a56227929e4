import { addDays, dayIn } from "../platform/time-zone";

/** The span of days that figures are asked for: the last so many, or from a day to a day, both included. */
export type Period = { days: PresetDays } | { from: string; to: string };

export const presets = [7, 30, 90, 365] as const;
export type PresetDays = (typeof presets)[number];
export const defaultPeriod: Period = { days: 30 };

/** How wide a bar of the chart is. */
export type Bucket = "day" | "week" | "month";

export interface Span {
  from: string;
  to: string;
  bucket: Bucket;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Ten years: more bars than anyone can read. */
const maxDays = 3_660;

const isoDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / dayMs;

/** Whether the text is a day of the calendar, as YYYY-MM-DD; the year 0, which PostgreSQL refuses, is none. */
const isDay = (text: string): boolean =>
  /^[12]\d{3}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && isoDay(Date.parse(text)) === text;

export function isPeriod(value: { days: number } | { from: string; to: string }): value is Period {
  if ("days" in value) return presets.some((days) => days === value.days);
  const { from, to } = value;
  return isDay(from) && isDay(to) && from <= to && daysBetween(from, to) < maxDays;
}

/** The period of an address: `days`, or `from` and `to`. What makes no sense is passed over and told. */
export function parsePeriod(params: URLSearchParams): { period: Period; ignored: boolean } {
  const [days, from, to] = [params.get("days"), params.get("from"), params.get("to")];
  if (!days && !from && !to) return { period: defaultPeriod, ignored: false };
  const asked = from || to ? { from: from ?? "", to: to ?? "" } : { days: Number(days) };
  return isPeriod(asked) ? { period: asked, ignored: false } : { period: defaultPeriod, ignored: true };
}

/** The same as the query of an address. */
export const periodQuery = (period: Period): string =>
  new URLSearchParams("days" in period ? { days: String(period.days) } : { ...period }).toString();

/** The days that a period means today, which is another day in another zone. */
export function resolvePeriod(period: Period, now: Date, zone: string): Span {
  const today = dayIn(zone, now);
  const { from, to } = "days" in period ? { from: addDays(today, 1 - period.days), to: today } : period;
  const days = daysBetween(from, to) + 1;
  return { from, to, bucket: days <= 92 ? "day" : days <= 2 * 366 ? "week" : "month" };
}

/** First day of the bucket that a day belongs to; weeks begin on Monday. */
export function bucketStart(day: string, bucket: Bucket): string {
  if (bucket === "day") return day;
  if (bucket === "month") return `${day.slice(0, 7)}-01`;
  const time = Date.parse(day);
  return isoDay(time - ((new Date(time).getUTCDay() + 6) % 7) * dayMs);
}

/** Every bucket that a span touches, in order: days on which nothing happened are part of the picture. */
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

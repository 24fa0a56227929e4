import type { Bucket } from "~server/statistics/period";
import type { Locale } from "./locale";

/** The customs of writing numbers and dates that go with each language. */
export const tags: Record<Locale, string> = { en: "en-GB", ru: "ru-RU" };

export const formatNumber = (locale: Locale, value: number): string => value.toLocaleString(tags[locale]);

/** A part of a whole; a dash where there is no whole. */
export const formatShare = (locale: Locale, part: number, whole: number): string =>
  whole === 0
    ? "—"
    : new Intl.NumberFormat(tags[locale], { style: "percent", maximumFractionDigits: 1 }).format(part / whole);

const steps = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A length of time in its two largest units, such as "2 hrs 5 min": more would be noise. */
export function formatDuration(locale: Locale, seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = steps.findIndex(([, size]) => whole >= size);
  if (first < 0) return formatUnit(locale, "second", 0);
  const [unit, size] = steps[first] ?? steps[3];
  const next = steps[first + 1];
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  const parts = [formatUnit(locale, unit, Math.floor(whole / size))];
  if (next && rest > 0) parts.push(formatUnit(locale, next[0], rest));
  return parts.join(" ");
}

const formatUnit = (locale: Locale, unit: string, value: number) =>
  new Intl.NumberFormat(tags[locale], { style: "unit", unit, unitDisplay: "short" }).format(value);

/** A calendar day, YYYY-MM-DD, which belongs to no zone. */
export const formatDay = (locale: Locale, day: string, style: "long" | "short" = "long"): string =>
  new Intl.DateTimeFormat(tags[locale], {
    day: "numeric",
    month: style === "long" ? "long" : "short",
    ...(style === "long" ? { year: "numeric" } : {}),
    timeZone: "UTC",
  }).format(new Date(day));

/** The days that a bar of the chart covers. */
export function formatBucket(locale: Locale, start: string, bucket: Bucket): string {
  if (bucket !== "month") return formatDay(locale, start, "short");
  const format = new Intl.DateTimeFormat(tags[locale], { month: "short", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(start));
}

const longDay = { day: "numeric", month: "long", year: "numeric" } as const;
/** As short as a column of a list needs, and not to be read as another day elsewhere. */
const shortDay = {
  en: { day: "numeric", month: "short", year: "numeric" },
  ru: { day: "2-digit", month: "2-digit", year: "numeric" },
} as const;

/** A moment by the zone's day and, unless that is all, its clock. */
export function formatMoment(
  locale: Locale,
  zone: string,
  value: string,
  dateOnly: boolean,
  length: "long" | "short" = "long",
): string {
  const date = length === "short" ? shortDay[locale] : longDay;
  const time = { hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const;
  const options = dateOnly ? date : { ...date, ...time };
  try {
    return new Intl.DateTimeFormat(tags[locale], { ...options, timeZone: zone }).format(new Date(value));
  } catch {
    // An old browser may not know the name of a young zone.
    const shown = new Intl.DateTimeFormat(tags[locale], { ...options, timeZone: "UTC" }).format(new Date(value));
    return dateOnly ? `${shown} (UTC)` : shown;
  }
}

const moments = { en: { past: "just now", future: "in a moment" }, ru: { past: "только что", future: "вот-вот" } };
const minuteMs = 60_000;

/** How long ago or ahead a moment is, in whole minutes or hours; null if it is a day or more. */
export function formatDistance(locale: Locale, now: number, value: string, style: "long" | "short"): string | null {
  const distance = new Date(value).getTime() - now;
  const minutes = Math.trunc(distance / minuteMs);
  if (!(Math.abs(minutes) < 24 * 60)) return null;
  if (minutes === 0) return moments[locale][distance > 0 ? "future" : "past"];
  const format = new Intl.RelativeTimeFormat(tags[locale], { style });
  return Math.abs(minutes) < 60 ? format.format(minutes, "minute") : format.format(Math.trunc(minutes / 60), "hour");
}

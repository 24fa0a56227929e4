import type { Bucket } from "~server/statistics/period";
import { tags } from "./duration";
import type { Locale } from "./locale";

export const formatNumber = (locale: Locale, value: number): string => value.toLocaleString(tags[locale]);

/** A part of a whole; a dash where there is no whole. */
export const formatShare = (locale: Locale, part: number, whole: number): string =>
  whole === 0
    ? "—"
    : new Intl.NumberFormat(tags[locale], { style: "percent", maximumFractionDigits: 1 }).format(part / whole);

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

const moments = {
  en: { past: "just now", future: "in a moment" },
  ru: { past: "только что", future: "меньше чем через минуту" },
};
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

import type { Locale } from "./locale";

// Apart from format.ts, since every page can show the question for the password and its wait, and few show more than that.

/** The customs of writing numbers and dates that go with each language. */
export const tags: Record<Locale, string> = { en: "en-GB", ru: "ru-RU" };

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

/** A day in full: the Russian abbreviation ends with a full stop, and a sentence would end with two. */
const formatUnit = (locale: Locale, unit: string, value: number) =>
  new Intl.NumberFormat(tags[locale], { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" }).format(
    value,
  );

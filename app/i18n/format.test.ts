import { expect, test } from "vitest";
import { enPlural, ruPlural } from "~server/platform/plural";
import { formatDuration } from "./duration";
import { formatDistance, formatMoment, formatShare } from "./format";

/** Intl separates with spaces that do not break. */
const plain = (text: string) => text.replace(/\s/g, " ");

for (const [seconds, en, ru] of [
  [0, "0 secs", "0 с"],
  [59.6, "1 min", "1 мин"],
  [61, "1 min 1 sec", "1 мин 1 с"],
  [3_600, "1 hr", "1 ч"],
  [7_500, "2 hrs 5 mins", "2 ч 5 мин"],
  [90_000, "1 day 1 hr", "1 день 1 ч"],
  [-5, "0 secs", "0 с"],
] as const)
  test(`${seconds} seconds are ${en}`, () => {
    expect(plain(formatDuration("en", seconds))).toBe(en);
    expect(plain(formatDuration("ru", seconds))).toBe(ru);
  });

test("a moment is shown by the day and the clock of the zone, and the clock names it", () => {
  const moment = "2026-11-20T22:30:00.000Z";
  const shown = (locale: "en" | "ru", zone: string, dateOnly: boolean) =>
    plain(formatMoment(locale, zone, moment, dateOnly));
  expect(shown("ru", "Asia/Vladivostok", true)).toBe("21 ноября 2026 г.");
  expect(shown("en", "UTC", true)).toBe("20 November 2026");
  expect(shown("en", "Asia/Vladivostok", false)).toBe("21 November 2026 at 08:30 GMT+10");
  expect(shown("ru", "UTC", false)).toBe("20 ноября 2026 г. в 22:30 UTC");
});

test("a browser that does not know the zone shows UTC and says so", () => {
  expect(plain(formatMoment("en", "Mars/Olympus", "2026-11-20T22:30:00.000Z", true))).toBe("20 November 2026 (UTC)");
});

test("in a list a day is short, and no other day anywhere", () => {
  const moment = "2026-11-06T22:30:00.000Z";
  expect(plain(formatMoment("en", "UTC", moment, true, "short"))).toBe("6 Nov 2026");
  expect(plain(formatMoment("ru", "Asia/Vladivostok", moment, true, "short"))).toBe("07.11.2026");
});

const now = Date.parse("2026-11-26T12:00:00.000Z");
for (const [seconds, en, ru] of [
  [0, "just now", "только что"],
  [-59, "just now", "только что"],
  [30, "in a moment", "меньше чем через минуту"],
  [-60, "1 minute ago", "1 минуту назад"],
  [-300, "5 minutes ago", "5 минут назад"],
  [-3_599, "59 minutes ago", "59 минут назад"],
  [-3_600, "1 hour ago", "1 час назад"],
  [-86_399, "23 hours ago", "23 часа назад"],
  [300, "in 5 minutes", "через 5 минут"],
  [-86_400, null, null],
  [90_000, null, null],
] as const)
  test(`${seconds} seconds from now are ${en ?? "too far away for minutes and hours"}`, () => {
    const moment = new Date(now + seconds * 1_000).toISOString();
    expect(formatDistance("en", now, moment, "long")?.replace(/\s/g, " ") ?? null).toBe(en);
    expect(formatDistance("ru", now, moment, "long")?.replace(/\s/g, " ") ?? null).toBe(ru);
  });

test("what is no moment has no distance", () => {
  expect(formatDistance("en", now, "yesterday", "long")).toBe(null);
});

test("a share of nothing is a dash", () => {
  expect(formatShare("en", 0, 0)).toBe("—");
  expect(plain(formatShare("ru", 1, 3))).toBe("33,3 %");
});

test("counts and their words agree", () => {
  expect(enPlural(1, "person", "people")).toBe("1 person");
  expect(enPlural(1_000, "person", "people")).toBe("1,000 people");
  const people = (count: number) => plain(ruPlural(count, "человек", "человека", "человек"));
  expect([1, 2, 5, 11, 21, 1_022].map(people)).toEqual([
    "1 человек",
    "2 человека",
    "5 человек",
    "11 человек",
    "21 человек",
    "1 022 человека",
  ]);
});

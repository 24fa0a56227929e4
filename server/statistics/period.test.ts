import { expect, test } from "vitest";
import { bucketStarts, parsePeriod, periodQuery, resolvePeriod } from "./period";

const parse = (query: string) => parsePeriod(new URLSearchParams(query));
const now = new Date("2026-03-02T23:59:00Z");

test("without a word about the period it is the last 30 days", () => {
  expect(parse("")).toEqual({ period: { days: 30 }, problem: null, typed: null });
  expect(parse("days=&from=&to=")).toEqual({ period: { days: 30 }, problem: null, typed: null });
});

test("a period survives the way into an address and back", () => {
  for (const period of [{ days: 7 as const }, { from: "2026-01-31", to: "2026-02-01" }])
    expect(parse(periodQuery(period))).toEqual({ period, problem: null, typed: null });
});

test.each(["8", "x"])("%s days are no period to choose, and the page says so", (days) => {
  expect(parse(`days=${days}`)).toEqual({ period: { days: 30 }, problem: "unknown", typed: null });
});

test.each([
  ["2026-01-01", "", "day"],
  ["", "2026-01-01", "day"],
  ["2026-02-30", "2026-03-01", "day"],
  ["20261-01-01", "2026-03-01", "day"],
  ["2026-1-1", "2026-01-02", "day"],
  ["0000-01-01", "0000-01-31", "day"],
  ["2026-03-02", "2026-03-01", "order"],
  ["1026-01-01", "2026-01-01", "length"],
])("from %s to %s is no period: the page says why, and keeps what was typed", (from, to, problem) => {
  expect(parse(`from=${from}&to=${to}`)).toEqual({ period: { days: 30 }, problem, typed: { from, to } });
});

test("the last 7 days end today, which is tomorrow further east", () => {
  expect(resolvePeriod({ days: 7 }, now, "UTC")).toEqual({ from: "2026-02-24", to: "2026-03-02", bucket: "day" });
  expect(resolvePeriod({ days: 7 }, now, "Europe/Moscow")).toMatchObject({ from: "2026-02-25", to: "2026-03-03" });
  expect(resolvePeriod({ days: 7 }, now, "America/New_York")).toMatchObject({ from: "2026-02-24", to: "2026-03-02" });
});

test("a year is drawn by weeks, several by months", () => {
  expect(resolvePeriod({ days: 365 }, now, "UTC").bucket).toBe("week");
  expect(resolvePeriod({ from: "2020-01-01", to: "2026-01-01" }, now, "UTC").bucket).toBe("month");
});

test("weeks begin on Monday, also the one that holds the first day", () => {
  expect(bucketStarts({ from: "2026-01-01", to: "2026-01-12", bucket: "week" })).toEqual([
    "2025-12-29",
    "2026-01-05",
    "2026-01-12",
  ]);
});

test("months follow one another over the end of a year", () => {
  expect(bucketStarts({ from: "2025-11-30", to: "2026-02-01", bucket: "month" })).toEqual([
    "2025-11-01",
    "2025-12-01",
    "2026-01-01",
    "2026-02-01",
  ]);
});

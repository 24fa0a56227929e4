import { expect, test } from "vitest";
import { bucketStarts, parsePeriod, periodQuery, resolvePeriod } from "./period";

const parse = (query: string) => parsePeriod(new URLSearchParams(query));
const now = new Date("2026-03-02T23:59:00Z");

test("without a word about the period it is the last 30 days", () => {
  expect(parse("")).toEqual({ period: { days: 30 }, ignored: false });
  expect(parse("days=&from=&to=")).toEqual({ period: { days: 30 }, ignored: false });
});

test("a period survives the way into an address and back", () => {
  for (const period of [{ days: 7 as const }, { from: "2026-01-31", to: "2026-02-01" }])
    expect(parse(periodQuery(period))).toEqual({ period, ignored: false });
});

for (const query of [
  "days=8",
  "days=x",
  "from=2026-01-01",
  "to=2026-01-01",
  "from=2026-02-30&to=2026-03-01",
  "from=2026-03-02&to=2026-03-01",
  "from=1026-01-01&to=2026-01-01",
  "from=2026-1-1&to=2026-01-02",
  "from=0000-01-01&to=0000-01-31",
])
  test(`${query} is ignored, and the page says so`, () => {
    expect(parse(query)).toEqual({ period: { days: 30 }, ignored: true });
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

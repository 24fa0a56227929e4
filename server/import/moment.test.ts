import { expect, test } from "vitest";
import { isNoDay, isNoMoment, parseMoment } from "./moment";

const moments: [text: string, moment: string | null][] = [
  ["2025-03-01", "2025-03-01T00:00:00.000Z"],
  ["2025-03-01 9:05", "2025-03-01T09:05:00.000Z"],
  ["2025-03-01T10:00:00.123Z", "2025-03-01T10:00:00.000Z"],
  ["2025-03-01T10:00:00+03:00", "2025-03-01T07:00:00.000Z"],
  ["2025-03-01 10:00 -0530", "2025-03-01T15:30:00.000Z"],
  ["2025-03-01 10:00 UTC", "2025-03-01T10:00:00.000Z"],
  ["2025-03-01 10:00 GMT", "2025-03-01T10:00:00.000Z"],
  ["2025-03-01 10:00:00+03", "2025-03-01T07:00:00.000Z"],
  ["1.3.2025", "2025-03-01T00:00:00.000Z"],
  ["01.03.2025, 10:00:30", "2025-03-01T10:00:30.000Z"],
  ["01.03.25", "2025-03-01T00:00:00.000Z"],
  ["01.03.25 9:05", "2025-03-01T09:05:00.000Z"],
  ["2025/03/01 10:00:30", "2025-03-01T10:00:30.000Z"],
  ["01.03.2025 г.", "2025-03-01T00:00:00.000Z"],
  ["01.03.2025 в 10:00", "2025-03-01T10:00:00.000Z"],
  ["31.02.25", null],
  ["1.3.025", null],
  ["29.02.2024", "2024-02-29T00:00:00.000Z"],
  ["29.02.2025", null],
  ["31.04.2025", null],
  ["01.13.2025", null],
  ["2025-03-01 24:30", null],
  ["2025-03-01 10:60", null],
  ["2025-03-01T10:00+15:00", null],
  ["0025-03-01", null],
  ["01/03/2025", null],
  ["45717", null],
  ["вчера", null],
];

for (const [text, moment] of moments) {
  test(`the date "${text}" is ${moment ?? "refused"}`, () => {
    expect(parseMoment(text, "UTC")?.toISOString() ?? null).toBe(moment);
  });
}

const clocks: [zone: string, text: string, moment: string][] = [
  ["Europe/Moscow", "26.11.2026 01:55", "2026-11-25T22:55:00.000Z"],
  ["Europe/Moscow", "26.11.2026", "2026-11-25T21:00:00.000Z"],
  ["Asia/Vladivostok", "2026-11-26 01:55:30", "2026-11-25T15:55:30.000Z"],
  ["America/New_York", "2026-07-01 12:00", "2026-07-01T16:00:00.000Z"],
  ["America/New_York", "2026-01-01 12:00", "2026-01-01T17:00:00.000Z"],
  ["Europe/Moscow", "2026-11-26T01:55:00Z", "2026-11-26T01:55:00.000Z"],
  ["Europe/Moscow", "2026-11-26 01:55 +05:00", "2026-11-25T20:55:00.000Z"],
];

for (const [zone, text, moment] of clocks) {
  test(`"${text}" in a list of ${zone} is ${moment}`, () => {
    expect(parseMoment(text, zone)?.toISOString()).toBe(moment);
  });
}

test.each([
  "0000-00-00",
  "0000-00-00 00:00:00",
  "00.00.0000",
  "0001-01-01",
  "0001-01-01T00:00:00Z",
  "01.01.0001 0:00:00",
  "30.12.1899",
  "1899-12-30T00:00:00.000Z",
  "1899-12-30 02:30:17",
  "00.01.1900",
])("%s says that there is no day", (text) => {
  expect([isNoDay(text), isNoMoment(text)]).toEqual([true, true]);
});

test.each(["01.01.1970", "1970-01-01 03:00:00", "01.01.1900"])("%s is a day, but none of a registration", (text) => {
  expect([isNoDay(text), isNoMoment(text)]).toEqual([false, true]);
});

test.each(["01.01.01", "30.12.99", "2025-03-01", "31.12.1899", "", "0"])('"%s" does not say so', (text) => {
  expect([isNoDay(text), isNoMoment(text)]).toEqual([false, false]);
});

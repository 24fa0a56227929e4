import { expect, test } from "vitest";
import { addDays, clockTime, dayIn, isTimeZone, momentIn, startOfDay } from "./time-zone";

const iso = (moment: Date) => moment.toISOString();

test.each(["UTC", "Europe/Moscow", "europe/moscow", "Asia/Kathmandu", "America/Argentina/Ushuaia", "Etc/GMT-3"])(
  "%s is a time zone",
  (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  },
);

test.each(["", "+03:00", "-05:00", "MSK-3", "Moscow", "Europe/Nowhere", "UTC+3", "Europe/Moscow; drop", "Etc/Unknown"])(
  "%j is none",
  (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  },
);

test("a moment belongs to another day in the east than by UTC", () => {
  const moment = new Date("2026-11-20T22:30:00Z");
  expect(dayIn("UTC", moment)).toBe("2026-11-20");
  expect(dayIn("Asia/Vladivostok", moment)).toBe("2026-11-21");
  expect(dayIn("America/New_York", moment)).toBe("2026-11-20");
  expect(clockTime("Asia/Vladivostok", moment)).toBe("2026-11-21 08:30:00");
  expect(clockTime("Asia/Kathmandu", moment)).toBe("2026-11-21 04:15:00");
});

const days: [zone: string, day: string, start: string][] = [
  ["UTC", "2026-11-21", "2026-11-21T00:00:00.000Z"],
  ["Asia/Vladivostok", "2026-11-21", "2026-11-20T14:00:00.000Z"],
  ["America/New_York", "2026-01-01", "2026-01-01T05:00:00.000Z"],
  // The clocks go forward and back within these days.
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z"],
  ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z"],
  ["Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00.000Z"],
  ["Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00.000Z"],
  // There is no midnight: the day begins at one o'clock.
  ["America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000Z"],
  ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00.000Z"],
  // Midnight comes twice: the day begins with the first.
  ["America/Havana", "2026-11-01", "2026-11-01T04:00:00.000Z"],
  // Half an hour, and a day that the island never had.
  ["Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00.000Z"],
  ["Australia/Lord_Howe", "2026-04-06", "2026-04-05T13:30:00.000Z"],
  ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"],
  ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"],
];

test.each(days)("in %s the day %s begins at %s", (zone, day, start) => {
  expect(iso(startOfDay(zone, day))).toBe(start);
});

/** Round the days on which clocks go forward and back. */
const changes = ["2026-03-06", "2026-03-27", "2026-04-03", "2026-10-23", "2026-10-30"];

test("every quarter of an hour lies in the day that begins before it and ends after it", () => {
  for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe"])
    for (const change of changes)
      for (let quarter = 0; quarter < 4 * 96; quarter++) {
        const time = Date.parse(change) + quarter * 900_000;
        const day = dayIn(zone, new Date(time));
        const [start, end] = [startOfDay(zone, day).getTime(), startOfDay(zone, addDays(day, 1)).getTime()];
        if (time < start || time >= end) expect.fail(`${new Date(time).toISOString()} is not within ${day} in ${zone}`);
      }
});

const clocks: [zone: string, wall: string, moment: string][] = [
  ["Europe/Moscow", "2026-11-26 01:55:00", "2026-11-25T22:55:00.000Z"],
  ["America/New_York", "2026-07-01 12:00:00", "2026-07-01T16:00:00.000Z"],
  // Twice on that night: the first time. Never on that one: as if the clock had not been put forward.
  ["Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00.000Z"],
  ["Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00.000Z"],
];

test.each(clocks)("in %s the clock shows %s at %s", (zone, wall, moment) => {
  expect(iso(momentIn(zone, Date.parse(`${wall.replace(" ", "T")}Z`)))).toBe(moment);
});

test("days are counted over the ends of months and years", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2024-03-01", -1)).toBe("2024-02-29");
});

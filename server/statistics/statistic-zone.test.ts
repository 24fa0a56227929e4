import { afterEach, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { countByZone } from "./statistic-zone";
import { readStatistics, rollUpStatistics } from "./statistics";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** Node knows it as another name of America/Los_Angeles; the zones of which PostgreSQL is made have had it no more since 2020. */
const unknownZone = "US/Pacific-New";

const now = new Date("2026-11-26T12:00:00Z");
const start = (zone: string, lines: string[] = []) => {
  const env = parseEnv({ TIME_ZONE: zone });
  const log = createLog("info", { write: (line) => void lines.push(line) });
  return countByZone({ db: database.db, env, log });
};
const days = async (zone: string, period: { from: string; to: string } | { days: 30 } = { days: 30 }) => {
  const { series } = await readStatistics({ db: database.db, env: parseEnv({ TIME_ZONE: zone }) }, period, now);
  return series.filter((bar) => bar.registrations + bar.payments > 0);
};

/** Late in the evening in UTC, the next morning in the east. */
const late = { createdAt: new Date("2026-11-20T22:30:00Z"), isPaid: true, paidAt: new Date("2026-11-21T22:30:00Z") };

test("people count on the day of the installation's zone", async () => {
  await start("Asia/Vladivostok");
  await makeUser(database.db, late);

  expect(await days("Asia/Vladivostok")).toEqual([
    { start: "2026-11-21", registrations: 1, payments: 0 },
    { start: "2026-11-22", registrations: 0, payments: 1 },
  ]);
});

test("another zone moves the registrations that are there already, rolled up or not, and changes no total", async () => {
  await makeUser(database.db, { ...late, source: "vk" });
  await rollUpStatistics(database);
  await makeUser(database.db, late);
  expect((await days("UTC"))[0]).toEqual({ start: "2026-11-20", registrations: 2, payments: 0 });

  const lines: string[] = [];
  await start("Asia/Vladivostok", lines);

  const moved = [
    { start: "2026-11-21", registrations: 2, payments: 0 },
    { start: "2026-11-22", registrations: 0, payments: 2 },
  ];
  expect(await days("Asia/Vladivostok")).toEqual(moved);
  expect(lines.join()).toContain("were recounted");
  await rollUpStatistics(database);
  expect(await days("Asia/Vladivostok")).toEqual(moved);
  await start("UTC");
  expect((await days("UTC"))[0]).toEqual({ start: "2026-11-20", registrations: 2, payments: 0 });
});

test("a start with an unchanged time zone counts nothing anew", async () => {
  const lines: string[] = [];
  await start("UTC", lines);
  expect(lines).toEqual([]);
});

test("of several processes that see a new zone at once, one recounts and the others find it done", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query(
    `insert into "User" ("email", "firstName", "phone", "createdAt") values ('open@example.com', 'Анна', '+7', $1)`,
    [late.createdAt],
  );
  const lines: string[] = [];
  const counting = [1, 2, 3].map(() => start("Asia/Vladivostok", lines));
  await expect.poll(() => blocked(database)).toBe(3);
  await client.query("commit");
  client.release();
  await Promise.all(counting);

  expect(lines.filter((line) => line.includes("were recounted"))).toHaveLength(1);
  expect((await days("Asia/Vladivostok"))[0]).toEqual({ start: "2026-11-21", registrations: 1, payments: 0 });
});

test("days of 23 and 25 hours end where the clocks say", async () => {
  await start("Europe/Berlin");
  for (const createdAt of [
    // The day that loses an hour, its last second and the first second of the next day.
    "2026-03-28T23:00:00Z",
    "2026-03-29T21:59:59Z",
    "2026-03-29T22:00:00Z",
    // The day on which an hour occurs twice.
    "2026-10-24T22:00:00Z",
    "2026-10-25T22:59:59Z",
    "2026-10-25T23:00:00Z",
  ])
    await makeUser(database.db, { createdAt: new Date(createdAt) });

  const counted = async (from: string, to: string) =>
    (await days("Europe/Berlin", { from, to })).map((bar) => bar.registrations);
  expect(await counted("2026-03-29", "2026-03-29")).toEqual([2]);
  expect(await counted("2026-03-30", "2026-03-30")).toEqual([1]);
  expect(await counted("2026-10-25", "2026-10-25")).toEqual([2]);
  expect(await counted("2026-10-26", "2026-10-26")).toEqual([1]);
});

test("people who register and pay during a recount are counted once, by the new zone", async () => {
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query(
    `insert into "User" ("email", "firstName", "phone", "createdAt") values ('open@example.com', 'Анна', '+7', $1)`,
    [late.createdAt],
  );
  const counting = start("Asia/Vladivostok");
  await expect.poll(() => blocked(database)).toBe(1);
  const waiting = makeUser(database.db, late).then();
  await expect.poll(() => blocked(database)).toBe(2);
  await client.query("commit");
  client.release();
  await Promise.all([counting, waiting]);

  expect((await days("Asia/Vladivostok"))[0]).toEqual({ start: "2026-11-21", registrations: 2, payments: 0 });
});

test("a zone of the environment that PostgreSQL does not know ends the start in words, instead of every registration", async () => {
  await expect(start(unknownZone)).rejects.toThrow(
    `PostgreSQL does not know the time zone ${unknownZone} of TIME_ZONE`,
  );
});

test("a zone of the settings that PostgreSQL does not know is told, and the site goes on with the one that was counted", async () => {
  await start("Asia/Vladivostok");
  const lines: string[] = [];
  const env = { ...parseEnv({}), TIME_ZONE: unknownZone };
  const log = createLog("info", { write: (line) => void lines.push(line) });
  await countByZone({ db: database.db, env, log });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 40, counted: "Asia/Vladivostok", msg: expect.stringContaining(unknownZone) },
  ]);
  expect(await database.db.statisticZone.findMany()).toMatchObject([{ zone: "Asia/Vladivostok" }]);
});

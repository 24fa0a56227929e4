import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { readStatistics, rollUpStatistics } from "./statistics";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const now = new Date("2026-06-15T12:00:00Z");
const day = (date: string) => new Date(`2026-06-${date}T10:00:00Z`);
const read = (from = "2026-06-01", to = "2026-06-15") => readStatistics(database, { from, to }, now);

test("registrations count on their own day, payments on the day of paying", async () => {
  await makeUser(database.db, { createdAt: day("02"), source: "yandex", campaign: "spring" });
  await makeUser(database.db, { createdAt: day("02"), isPaid: true, paidAt: day("05"), source: "yandex" });
  const { totals, series, sources, campaigns } = await read();
  expect(totals).toEqual({ registrations: 2, paid: 1, payments: 1 });
  expect(series.filter((bar) => bar.registrations + bar.payments > 0)).toEqual([
    { start: "2026-06-02", registrations: 2, payments: 0 },
    { start: "2026-06-05", registrations: 0, payments: 1 },
  ]);
  expect(sources).toEqual([{ name: "yandex", registrations: 2, paid: 1 }]);
  expect(campaigns).toEqual([{ source: "yandex", name: "spring", registrations: 1, paid: 0 }]);
});

test("a day without anything is part of the series", async () => {
  expect((await read("2026-06-01", "2026-06-03")).series).toEqual([
    { start: "2026-06-01", registrations: 0, payments: 0 },
    { start: "2026-06-02", registrations: 0, payments: 0 },
    { start: "2026-06-03", registrations: 0, payments: 0 },
  ]);
});

test("both ends of the period belong to it, by UTC and to the millisecond", async () => {
  for (const time of [
    "2026-06-01T23:59:59.999Z",
    "2026-06-02T00:00:00Z",
    "2026-06-03T23:59:59.999Z",
    "2026-06-04T00:00:00Z",
  ])
    await makeUser(database.db, { createdAt: new Date(time) });
  expect((await read("2026-06-02", "2026-06-03")).totals.registrations).toBe(2);
});

test("a payment that is taken back leaves no trace, and counts once when it is made again", async () => {
  const { id } = await makeUser(database.db, { createdAt: day("02") });
  const pay = (isPaid: boolean, paidAt: Date | null) =>
    database.db.user.update({ where: { id }, data: { isPaid, paidAt } });
  await pay(true, day("03"));
  await pay(false, null);
  expect((await read()).totals).toEqual({ registrations: 1, paid: 0, payments: 0 });
  await pay(true, day("09"));
  expect((await read()).series.filter((bar) => bar.payments > 0)).toEqual([
    { start: "2026-06-09", registrations: 0, payments: 1 },
  ]);
});

test("a removed person no longer counts", async () => {
  const { id } = await makeUser(database.db, { createdAt: day("02"), isPaid: true, paidAt: day("02") });
  await database.db.user.delete({ where: { id } });
  expect((await read()).totals).toEqual({ registrations: 0, paid: 0, payments: 0 });
});

test("administrators and test registrations do not count", async () => {
  const admin = await makeAdmin(database.db);
  await database.db.user.update({ where: { id: admin.id }, data: { createdAt: day("02") } });
  await makeUser(database.db, { createdAt: day("02"), email: "test+1@example.invalid" });
  expect((await read()).totals.registrations).toBe(0);
});

test("ten sources are named, the largest first", async () => {
  for (let place = 1; place <= 12; place++)
    for (let count = 0; count < place; count++)
      await makeUser(database.db, { createdAt: day("02"), source: `source-${String(place).padStart(2, "0")}` });
  const { sources } = await read();
  expect(sources).toHaveLength(10);
  expect(sources[0]).toEqual({ name: "source-12", registrations: 12, paid: 0 });
});

test("text of any length and kind passes through registration and counts", async () => {
  const source = `${"😀".repeat(255)}`;
  await makeUser(database.db, { createdAt: day("02"), source, campaign: '\'; drop table "User"; -- %_\\' });
  await rollUpStatistics(database);
  const { sources, campaigns } = await read();
  expect(sources[0]?.name).toBe("😀".repeat(100));
  expect(campaigns[0]?.name).toBe('\'; drop table "User"; -- %_\\');
});

test("rolling up changes no statistic", async () => {
  const { id } = await makeUser(database.db, { createdAt: day("02"), source: "vk" });
  expect(await rollUpStatistics(database)).toBe(1);
  await database.db.user.update({ where: { id }, data: { isPaid: true, paidAt: day("04") } });
  await makeUser(database.db, { createdAt: day("02"), source: "vk" });
  const before = await read();
  expect(await rollUpStatistics(database)).toBeGreaterThan(0);
  expect(await rollUpStatistics(database)).toBe(0);
  expect(await read()).toEqual(before);
});

test("updates of the worker leave no notes", async () => {
  const { id } = await makeUser(database.db);
  await rollUpStatistics(database);
  await database.db.user.update({ where: { id }, data: { crmState: "SYNCED", crmSyncedAt: new Date() } });
  expect(await database.db.statisticDelta.count()).toBe(0);
});

test("registering, paying, removing and rolling up at the same time end in what a count of the rows says", async () => {
  const { db } = database;
  const sources = ["yandex", "google", null];
  const live = async (index: number) => {
    const { id } = await makeUser(db, { createdAt: day("02"), source: sources[index % 3] ?? null });
    await db.user.update({ where: { id }, data: { isPaid: true, paidAt: day("03") } });
    if (index % 4 === 0) await db.user.update({ where: { id }, data: { isPaid: false, paidAt: null } });
    if (index % 5 === 0) await db.user.delete({ where: { id } });
  };
  const rollUp = async () => {
    for (let turn = 0; turn < 20; turn++) await rollUpStatistics(database);
  };
  await Promise.all([...Array.from({ length: 120 }, (_, index) => live(index)), rollUp(), rollUp()]);

  const [registrations, paid] = await Promise.all([db.user.count(), db.user.count({ where: { isPaid: true } })]);
  expect((await read()).totals).toEqual({ registrations, paid, payments: paid });
  await rollUpStatistics(database);
  expect((await read()).totals).toEqual({ registrations, paid, payments: paid });
});

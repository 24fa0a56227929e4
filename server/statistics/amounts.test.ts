import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { erasePerson } from "../privacy/erase";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { admin, makeAdmin, makeUser } from "../test/factories";
import { readAmounts } from "./amounts";
import { readStatistics, rollUpStatistics } from "./statistics";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const now = new Date("2026-06-15T12:00:00Z");
const day = (date: string) => new Date(`2026-06-${date}T10:00:00Z`);
const period = { from: "2026-06-01", to: "2026-06-15" };
const read = () => readAmounts(database, period, now);
const product = (priceUsd: number) => ({ id: 1777, name: "X", priceUsd });
const sale = (amount: number, currency = "USD") => ({ dealId: 1, currency, amount, rows: [] });

test("amounts of all and of the paid registrations, and revenue, by source and campaign", async () => {
  const { db } = database;
  await makeUser(db, { createdAt: day("02"), source: "vk", campaign: "spring", crmProduct: product(100) });
  await makeUser(db, {
    ...{ createdAt: day("02"), source: "vk", campaign: "autumn", isPaid: true, paidAt: day("05") },
    ...{ crmSale: sale(149.5), crmProduct: product(100) },
  });
  // Registered before the period, paid in it.
  await makeUser(db, {
    createdAt: new Date("2026-05-02"),
    source: "ya",
    isPaid: true,
    paidAt: day("06"),
    crmProduct: product(30),
  });
  // Nothing was sent yet, and a deal that a manager sold in another currency.
  await makeUser(db, { createdAt: day("03") });
  await makeUser(db, { createdAt: day("03"), crmSale: sale(9000, "RUB") });
  for (const rolled of [false, true]) {
    if (rolled) await rollUpStatistics(database);
    expect(await read()).toEqual({
      totals: { all: 249.5, paid: 149.5, revenue: 179.5 },
      sources: [
        { source: "vk", campaign: null, all: 249.5, paid: 149.5, revenue: 149.5 },
        { source: "ya", campaign: null, all: 0, paid: 0, revenue: 30 },
      ],
      campaigns: [
        { source: "vk", campaign: "autumn", all: 149.5, paid: 149.5, revenue: 149.5 },
        { source: "vk", campaign: "spring", all: 100, paid: 0, revenue: 0 },
      ],
    });
  }
});

test("a payment taken back, another amount and a removed person are right at every moment", async () => {
  const { db } = database;
  const { id } = await makeUser(db, { createdAt: day("02"), source: "vk", crmProduct: product(100) });
  await db.user.update({ where: { id }, data: { isPaid: true, paidAt: day("03") } });
  expect((await read()).totals).toEqual({ all: 100, paid: 100, revenue: 100 });
  await rollUpStatistics(database);
  await db.user.update({ where: { id }, data: { crmSale: sale(120) } });
  expect((await read()).totals).toEqual({ all: 120, paid: 120, revenue: 120 });
  await db.user.update({ where: { id }, data: { isPaid: false, paidAt: null } });
  expect((await read()).totals).toEqual({ all: 120, paid: 0, revenue: 0 });
  await db.user.delete({ where: { id } });
  expect((await read()).totals).toEqual({ all: 0, paid: 0, revenue: 0 });
  expect((await readStatistics(database, period, now)).totals).toEqual({ registrations: 0, paid: 0, payments: 0 });
});

test("amounts that change all at once, while they are rolled up, add up to those of the rows", async () => {
  const { db, pool } = database;
  const ids: number[] = [];
  for (let made = 0; made < 20; made++)
    ids.push((await makeUser(db, { createdAt: day("02"), source: `s${made % 3}` })).id);
  await Promise.all([
    ...ids.map((id, place) => db.user.update({ where: { id }, data: { crmProduct: product(10 + place) } })),
    ...ids.map((id) => db.user.update({ where: { id }, data: { isPaid: true, paidAt: day("04") } })),
    ...Array.from({ length: 6 }, () => rollUpStatistics(database)),
    pool.query(`update "User" set source = 'moved' where id = any($1)`, [ids.slice(0, 7)]),
  ]);
  const whole = ids.reduce((sum, _id, place) => sum + 10 + place, 0);
  expect((await read()).totals).toEqual({ all: whole, paid: whole, revenue: whole });
  const { sources } = await read();
  expect(sources.reduce((sum, { revenue }) => sum + revenue, 0)).toBe(whole);
});

test("a recount for another zone keeps the amounts, and administrators and trials have none", async () => {
  const { db } = database;
  await makeUser(db, { createdAt: day("02"), isPaid: true, paidAt: day("02"), crmProduct: product(50) });
  const { id } = await makeAdmin(db);
  await db.user.update({ where: { id }, data: { createdAt: day("02"), crmProduct: product(50) } });
  await makeUser(db, { createdAt: day("02"), email: "test+1@example.invalid", crmProduct: product(50) });
  await db.$executeRaw`select count_statistics_in('Europe/Moscow')`;
  expect((await read()).totals).toEqual({ all: 50, paid: 50, revenue: 50 });
});

test("what an erased person paid stays in the amounts", async () => {
  const { db } = database;
  const { id } = await makeUser(db, {
    createdAt: day("02"),
    isPaid: true,
    paidAt: day("02"),
    crmProduct: product(50),
    crmSale: sale(50),
  });
  const queue = { enqueue: async () => undefined } as never;
  await erasePerson(
    { db, queue, env: { ERASE_IN_CRM: "keep" } as never, log: createLog("silent") },
    { actor: admin, userId: id, cause: "admin" },
  );
  expect((await read()).totals).toEqual({ all: 50, paid: 50, revenue: 50 });
});

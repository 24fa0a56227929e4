import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { readAmounts } from "./amounts";
import { readFormStatistics } from "./form-statistics";
import { readStatistics, rollUpStatistics } from "./statistics";

let database: TestDatabase;
let summer: number;
beforeEach(async () => {
  database = await createTestDatabase();
  summer = (await database.db.form.create({ data: { slug: "summer", name: "Summer" } })).id;
});
afterEach(() => database.drop());

const now = new Date("2026-06-15T12:00:00Z");
const day = (date: string) => new Date(`2026-06-${date}T10:00:00Z`);
const period = { from: "2026-06-01", to: "2026-06-15" };
const product = (priceUsd: number) => ({ id: 1777, name: "X", priceUsd });

async function fill() {
  const { db } = database;
  await makeUser(db, { createdAt: day("02"), source: "vk", crmProduct: product(100) });
  await makeUser(db, { createdAt: day("03"), source: "vk", formId: 1, crmProduct: product(100) });
  for (const source of ["vk", "ya"])
    await makeUser(db, {
      ...{ createdAt: day("02"), source, campaign: "spring", formId: summer },
      ...{ isPaid: true, paidAt: day("04"), crmProduct: product(30) },
    });
}

const ofFirst = { form: 1, registrations: 2, paid: 0, amounts: { all: 200, paid: 0, revenue: 0 } };
const ofSummer = () => ({ form: summer, registrations: 2, paid: 2, amounts: { all: 60, paid: 60, revenue: 60 } });

test("each form has its registrations, payments and amounts; people of no form are the first one's", async () => {
  await fill();
  for (const rolled of [false, true]) {
    if (rolled) await rollUpStatistics(database);
    expect(await readFormStatistics(database, period, now)).toEqual([ofFirst, ofSummer()]);
    expect(await readFormStatistics(database, null)).toEqual([ofFirst, ofSummer()]);
  }
  expect(await readFormStatistics(database, { from: "2026-05-01", to: "2026-05-31" }, now)).toEqual([]);
});

test("every statistic can be that of one form", async () => {
  await fill();
  const counts = await readStatistics(database, { ...period, form: summer }, now);
  expect(counts.totals).toEqual({ registrations: 2, paid: 2, payments: 2 });
  expect(counts.sources).toEqual([
    { name: "vk", registrations: 1, paid: 1 },
    { name: "ya", registrations: 1, paid: 1 },
  ]);
  expect(counts.campaigns).toHaveLength(2);
  expect((await readStatistics(database, { ...period, form: 1 }, now)).totals.registrations).toBe(2);
  expect((await readStatistics(database, { ...period, form: summer + 1 }, now)).totals.registrations).toBe(0);
  expect((await readStatistics(database, period, now)).totals.registrations).toBe(4);
  const amounts = await readAmounts(database, { ...period, form: summer }, now);
  expect(amounts.totals).toEqual({ all: 60, paid: 60, revenue: 60 });
  expect(amounts.sources.map(({ source, all }) => [source, all])).toEqual([
    ["vk", 30],
    ["ya", 30],
  ]);
});

test("a person who is given another form, removed or recounted counts for the form that the row names", async () => {
  const { db } = database;
  await fill();
  const moved = await db.user.findFirstOrThrow({ where: { formId: 1 } });
  await db.user.update({ where: { id: moved.id }, data: { formId: summer } });
  const shares = async () =>
    (await readFormStatistics(database, period, now)).map(({ form, registrations }) => [form, registrations]);
  expect(await shares()).toEqual([
    [summer, 3],
    [1, 1],
  ]);
  await rollUpStatistics(database);
  await db.user.delete({ where: { id: moved.id } });
  const expected = [
    [summer, 2],
    [1, 1],
  ];
  expect(await shares()).toEqual(expected);
  await db.$executeRaw`select count_statistics_in('UTC')`;
  expect(await shares()).toEqual(expected);
});

test("a form that is written for people of no form changes no count", async () => {
  const { id } = await makeUser(database.db, { createdAt: day("02") });
  await rollUpStatistics(database);
  await database.db.user.update({ where: { id }, data: { formId: 1 } });
  expect(await database.db.statisticDelta.count()).toBe(0);
});

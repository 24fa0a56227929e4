import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { listenToStatements } from "../test/statements";
import { queueHealth } from "./health";

const minute = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(() => database.db.user.deleteMany());

afterAll(() => database.drop());

test("without registrations nothing is waiting", async () => {
  await makeUser(database.db, { crmState: "SYNCED" });
  expect(await queueHealth(database)).toMatchObject({
    pending: 0,
    retrying: 0,
    failed: 0,
    oldestPendingSeconds: 0,
    secondsToDrain: 0,
  });
});

test("waiting, retrying and failed registrations are counted separately", async () => {
  const { db } = database;
  await makeUser(db);
  await makeUser(db, { crmError: "TIMEOUT" });
  await makeUser(db, { crmState: "FAILED", crmError: "BAD_FIELD" });
  expect(await queueHealth(database)).toMatchObject({ pending: 2, retrying: 1, failed: 1 });
});

test("the backlog ends at the pace of the last ten minutes, and without one nobody knows when", async () => {
  const { db } = database;
  for (let person = 0; person < 3; person++) await makeUser(db);
  await makeUser(db, { crmState: "SYNCED", crmSyncedAt: ago(11 * minute) });
  expect(await queueHealth(database)).toMatchObject({ syncedLast10Minutes: 0, secondsToDrain: null });
  for (let person = 0; person < 6; person++) await makeUser(db, { crmState: "SYNCED", crmSyncedAt: ago(minute) });
  expect(await queueHealth(database)).toMatchObject({ syncedLast10Minutes: 6, secondsToDrain: 300 });
});

test("a person who is imported with a registration day of years ago waits since the import", async () => {
  await makeUser(database.db, { createdAt: new Date("2019-05-01") });
  expect((await queueHealth(database)).oldestPendingSeconds).toBeLessThan(600);
});

test("a failed registration that was sent again waits since then", async () => {
  const { db } = database;
  const { id } = await makeUser(db, { crmPendingSince: ago(90 * minute) });
  expect((await queueHealth(database)).oldestPendingSeconds).toBeGreaterThanOrEqual(90 * 60);
  await db.user.update({ where: { id }, data: { crmState: "FAILED" } });
  await db.user.update({ where: { id }, data: { crmState: "PENDING" } });
  expect((await queueHealth(database)).oldestPendingSeconds).toBeLessThan(600);
});

test("people who are held, of whom there may be any number, are not read to count those who wait", async () => {
  await database.db.$executeRaw`
    insert into "User" (email, "firstName", phone, "crmState", holds)
    select 'held' || i || '@example.com', 'Анна', '+7', 'HELD', '{email}' from generate_series(1, 3000) i`;
  await makeUser(database.db);
  await database.db.$executeRaw`analyze "User"`;
  const statements = await listenToStatements(database.pool).during(() => queueHealth(database));
  const counts = statements.find((statement) => statement.includes("as oldest"));
  const { rows } = await database.pool.query(`explain (format json) ${counts}`.replaceAll(/\$\d+/g, "15"));
  const plan = JSON.stringify(rows);
  expect(plan).toContain("User_unsynced_idx");
  expect(plan).not.toContain("Seq Scan");
});

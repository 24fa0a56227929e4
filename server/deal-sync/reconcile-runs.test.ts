import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { startNightly } from "./reconcile-runs";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await makeUser(database.db, { crmState: "SYNCED", crmSyncedAt: new Date("2026-01-01T00:00:00Z") });
});
afterEach(() => database.db.reconcileRun.deleteMany());
afterAll(() => database.drop());

/** Whether the nightly reconciliation begins at `at` if the last one began at `lastAt`. */
async function begins(zone: string, at: string, lastAt: string): Promise<boolean> {
  const env = parseEnv({ TIME_ZONE: zone });
  await database.db.reconcileRun.deleteMany();
  const before = { startedAt: new Date(lastAt), finishedAt: new Date(lastAt) };
  await database.db.reconcileRun.create({ data: before });
  await startNightly({ db: database.db, env }, new Date(at));
  return (await database.db.reconcileRun.count()) === 2;
}

test("the nightly reconciliation begins at three o'clock of the installation's zone, once a night", async () => {
  expect(await begins("UTC", "2026-11-20T02:59:59Z", "2026-11-19T03:00:00Z")).toBe(false);
  expect(await begins("UTC", "2026-11-20T03:00:00Z", "2026-11-19T03:00:00Z")).toBe(true);
  expect(await begins("Asia/Vladivostok", "2026-11-19T16:59:59Z", "2026-11-18T17:00:00Z")).toBe(false);
  expect(await begins("Asia/Vladivostok", "2026-11-19T17:00:00Z", "2026-11-18T17:00:00Z")).toBe(true);
  expect(await begins("Asia/Vladivostok", "2026-11-20T03:00:00Z", "2026-11-19T17:00:00Z")).toBe(false);
});

test("on the night in which the clocks change it begins once, too", async () => {
  expect(await begins("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-28T02:00:00Z")).toBe(false);
  expect(await begins("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-28T02:00:00Z")).toBe(true);
  expect(await begins("Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-24T01:00:00Z")).toBe(true);
  expect(await begins("Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z")).toBe(false);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { portionSize } from "../database/old-rows";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { listenToStatements } from "../test/statements";
import { Purge } from "./purge";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const day = 24 * 3_600_000;
const parts = (env: Record<string, string> = {}) => ({
  db: database.db,
  env: parseEnv(env),
  log: createLog("silent"),
});

test("a long log goes in portions, those who wait for the worker come in between, and what proves a record stays", async () => {
  const { db, pool } = database;
  const { id: userId } = await makeUser(db);
  // Oldest first, as they came: made records, and beside each what may go.
  await pool.query(
    `insert into "CrmLog" ("userId", at, method, outcome, "durationMs", attempt)
     select $1, now() - interval '200 days' + n * interval '1 minute', method, 'OK', 1, 1
     from generate_series(1, $2) n, unnest(array['lookup', 'crm.item.add']) method`,
    [userId, 2 * portionSize + 10],
  );
  await db.crmLog.create({ data: { userId, method: "lookup", outcome: "OK", durationMs: 1, attempt: 1 } });
  const left = () => db.crmLog.count({ where: { method: "lookup" } });
  const purge = new Purge(parts(), { stepMs: 0 });
  await purge.begin();
  await purge.step();
  expect(await left()).toBe(portionSize + 11);
  await purge.step();
  expect(await left()).toBe(11);
  await purge.step();
  expect(await left()).toBe(1);
  expect(await db.crmLog.count({ where: { method: "crm.item.add" } })).toBe(2 * portionSize + 10);
});

test("a later run does not read again what is kept for ever", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db);
  const log = (method: string, days: number) =>
    db.crmLog.create({
      data: { userId, at: new Date(Date.now() - days * day), method, outcome: "OK", durationMs: 1, attempt: 1 },
    });
  await log("crm.item.add", 300);
  const purge = new Purge(parts());
  const run = async () => {
    const statements = await listenToStatements(database.pool).during(async () => {
      await purge.begin();
      await purge.step();
    });
    return statements.find((statement) => statement.includes('from "CrmLog"'));
  };
  expect(await run()).not.toContain(">=");
  await log("lookup", 90);
  expect(await run()).toContain(">=");
  // What has become old since then goes all the same.
  await expect.poll(async () => (await run()) && db.crmLog.count({ where: { userId } })).toBe(1);
});

test("a short run is over in one step, and nothing more is done until the next one begins", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db);
  const old = () => db.signIn.create({ data: { userId, at: new Date(Date.now() - 91 * day) } });
  const purge = new Purge(parts());
  await old();
  await purge.begin();
  await purge.step();
  expect(await db.signIn.count()).toBe(0);
  await old();
  await purge.step();
  expect(await db.signIn.count()).toBe(1);
  await purge.begin();
  await purge.step();
  expect(await db.signIn.count()).toBe(0);
});

test("a table of which nothing can be deleted keeps neither the others nor the worker waiting", async () => {
  const { db, pool } = database;
  const { id: userId } = await makeUser(db);
  await db.signIn.create({ data: { userId, at: new Date(Date.now() - 91 * day) } });
  await db.formStamp.create({ data: { hash: "a".repeat(64), at: new Date(Date.now() - 91 * day) } });
  await pool.query(`
    create function refused() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refused before delete on "SignIn" for each statement execute function refused()`);
  const purge = new Purge(parts());
  await purge.begin();
  await purge.step();
  expect([await db.signIn.count({ where: { userId } }), await db.formStamp.count()]).toEqual([1, 0]);

  await pool.query(`drop trigger refused on "SignIn"`);
  await purge.begin();
  await purge.step();
  expect(await db.signIn.count({ where: { userId } })).toBe(0);
});

test("the address of a token's last use goes when a sign-in's would, and the token stays listed", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db);
  const used = (hash: string, days: number, ended: object = {}) =>
    db.apiToken.create({
      data: {
        userId,
        name: hash,
        hash,
        lastUsedAt: new Date(Date.now() - days * day),
        lastUsedAddress: "192.0.2.8",
        ...ended,
      },
    });
  await used("idle", 91);
  await used("revoked", 91, { revokedAt: new Date() });
  await used("expired", 91, { expiresAt: new Date(0) });
  await used("recent", 89, { revokedAt: new Date() });
  const withAddress = async () =>
    (await db.apiToken.findMany({ where: { userId, lastUsedAddress: { not: null } } })).map(({ name }) => name);

  await new Purge(parts({ RETAIN_LOG_DAYS: "0" })).begin();
  expect(await withAddress()).toHaveLength(4);
  await new Purge(parts()).begin();
  expect(await withAddress()).toEqual(["recent"]);
  expect(await db.apiToken.count({ where: { userId, lastUsedAt: { not: null } } })).toBe(4);
});

test("where the log is kept for ever, nothing of it goes", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db);
  await db.signIn.create({ data: { userId, at: new Date(0) } });
  await db.crmLog.create({
    data: { userId, at: new Date(0), method: "lookup", outcome: "OK", durationMs: 1, attempt: 1 },
  });
  const purge = new Purge(parts({ RETAIN_LOG_DAYS: "0" }));
  await purge.begin();
  await purge.step();
  expect(await db.signIn.count({ where: { userId } })).toBe(1);
  expect(await db.crmLog.count({ where: { userId } })).toBe(1);
});

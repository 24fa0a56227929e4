import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openForms } from "../forms/forms";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { Queue } from "../queue/queue";
import { makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { Maintenance, sweepPending } from "./maintenance";

let database: TestQueue;
const mail = { send: async () => true };
let queue: Queue;
beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
});
afterAll(async () => {
  await database.drop();
});
beforeEach(async () => {
  await database.pool.query("delete from pgboss.job");
  await database.pool.query('delete from "User"');
});
afterEach(() => vi.useRealTimers());

const parts = async () => {
  const log = createLog("silent");
  return { log, env: parseEnv({}), mail, forms: await openForms({ db: database.db, log }, { follow: false }) };
};
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const pending = async (overrides: Parameters<typeof makeUser>[1] = {}) =>
  (await makeUser(database.db, { createdAt: ago(6), ...overrides })).id;
const due = async () => (await queue.fetch("crm-registration", 100)).map((job) => job.userId).sort((a, b) => a - b);
const sweep = () => sweepPending({ db: database.db, queue });

test("pending registrations without a job get one, those who wait for their time do not", async () => {
  const lost = await pending();
  const overdue = await pending({ crmNextAttemptAt: ago(6) });
  await pending({ createdAt: ago(1) });
  await pending({ crmNextAttemptAt: new Date(Date.now() + 60_000) });
  await pending({ crmState: "SYNCED" });
  await pending({ crmState: "FAILED" });
  expect(await sweep()).toBe(2);
  expect(await due()).toEqual([lost, overdue]);
});

test("a job that waits, is delayed or is worked on is left as it is", async () => {
  const [active, waiting, delayed] = [await pending(), await pending(), await pending()];
  const enqueue = (userId: number, startAfter?: Date) =>
    database.db.$transaction((tx) => queue.enqueue(tx, "crm-registration", userId, startAfter ? { startAfter } : {}));
  await enqueue(active);
  expect(await due()).toEqual([active]);
  await enqueue(waiting);
  await enqueue(delayed, new Date(Date.now() + 3_600_000));
  expect(await sweep()).toBe(0);
  expect(await due()).toEqual([waiting]);
});

test("a job that failed permanently or is completed does not count", async () => {
  const [expired, finished] = [await pending(), await pending()];
  await queue.ensure("crm-registration", [expired, finished], 10);
  await database.pool.query(`update pgboss.job set state = 'failed' where singleton_key = $1`, [String(expired)]);
  await database.pool.query(`update pgboss.job set state = 'completed' where singleton_key = $1`, [String(finished)]);
  expect(await sweep()).toBe(2);
  expect(await due()).toEqual([expired, finished]);
});

test("a job of another queue for the same person is no registration's job", async () => {
  const id = await pending();
  await queue.ensure("crm-payment", [id], 10);
  expect(await sweep()).toBe(1);
});

test("a queue that was lost as a whole comes back in portions, the oldest first", async () => {
  await database.pool.query(
    `insert into "User" (email, "firstName", phone, "createdAt")
     select 'p' || n || '@example.com', 'A', '+7999' || n, now() - interval '1 day' + n * interval '1 second'
     from generate_series(1, 1200) as n`,
  );
  expect(await sweep()).toBe(1_000);
  expect(await sweep()).toBe(200);
  expect(await sweep()).toBe(0);
  const { rows } = await database.pool.query<{ count: number }>(
    "select count(distinct singleton_key)::int as count from pgboss.job",
  );
  expect(rows[0]?.count).toBe(1_200);
});

test("the heartbeat and the sweep run immediately, and again only when they are due", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
  const maintenance = new Maintenance({ ...(await parts()), db: database.db, queue });
  const seenAt = async () => (await database.db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).workerSeenAt;
  await maintenance.runDue();
  const first = await seenAt();
  const lost = await pending();
  vi.advanceTimersByTime(4_000);
  await maintenance.runDue();
  expect(await seenAt()).toEqual(first);
  vi.advanceTimersByTime(2_000);
  await maintenance.runDue();
  expect(await seenAt()).not.toEqual(first);
  expect(await due()).toEqual([]);
  vi.advanceTimersByTime(60_000);
  await maintenance.runDue();
  expect(await due()).toEqual([lost]);
});

test("the log of three months ago, and sessions and reset links that ended, are dropped, the rest is kept", async () => {
  const { db } = database;
  const userId = await pending({ crmState: "SYNCED" });
  const step = { userId, method: "lookup", outcome: "OK" as const, durationMs: 1, attempt: 1 };
  await db.crmLog.createMany({
    data: [
      { ...step, at: ago(91 * 24 * 60) },
      { ...step, at: ago(89 * 24 * 60) },
      // The log of created records is kept, since an erasure removes only records that the log proves.
      { ...step, method: "crm.item.add", contactId: 3001, at: ago(900 * 24 * 60) },
    ],
  });
  await db.session.createMany({
    data: [
      { id: "ended", userId, expiresAt: ago(1) },
      { id: "open", userId, expiresAt: new Date(Date.now() + 60_000) },
    ],
  });
  await db.passwordReset.createMany({
    data: [
      { id: "expired", userId, expiresAt: ago(1) },
      { id: "usable", userId, expiresAt: new Date(Date.now() + 60_000) },
    ],
  });
  await new Maintenance({ ...(await parts()), db, queue }).runDue();
  expect((await db.crmLog.findMany({ orderBy: { at: "asc" } })).map(({ method }) => method)).toEqual([
    "crm.item.add",
    "lookup",
  ]);
  expect((await db.session.findMany()).map(({ id }) => id)).toEqual(["open"]);
  expect((await db.passwordReset.findMany()).map(({ id }) => id)).toEqual(["usable"]);
});

test("a record that another transaction holds does not keep the rest of the old ones, nor the worker", async () => {
  const { db } = database;
  const userId = await pending({ crmState: "SYNCED" });
  await db.signIn.createMany({ data: [1, 2].map(() => ({ userId, at: ago(91 * 24 * 60) })) });
  const [held, free] = await db.signIn.findMany({ orderBy: { id: "asc" } });
  await db.$transaction(async (tx) => {
    await tx.signIn.update({ where: { id: held?.id ?? 0 }, data: { address: null } });
    await new Maintenance({ ...(await parts()), db, queue }).runDue();
    expect(await db.signIn.count({ where: { id: free?.id ?? 0 } })).toBe(0);
  });
  await new Maintenance({ ...(await parts()), db, queue }).runDue();
  expect(await db.signIn.count()).toBe(0);
});

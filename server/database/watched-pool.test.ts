import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { startTcpGate, type TcpGate } from "../test/tcp-gate";
import { createDb, createWatchedPool, type Db } from "./db";
import { isDatabaseAway } from "./unavailable";

let database: TestDatabase;
let gate: TcpGate;
let pool: ReturnType<typeof createWatchedPool>;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const url = new URL(database.url);
  gate = await startTcpGate({ host: url.hostname, port: Number(url.port) });
  url.port = String(gate.port);
  url.searchParams.set("application_name", "gated");
  pool = createWatchedPool(url.href, createLog("silent"));
  db = createDb(pool);
});
afterEach(async () => {
  await db.$disconnect();
  await pool.end();
  await gate.close();
});

const connections = async () =>
  (await database.pool.query("select 1 from pg_stat_activity where application_name = 'gated'")).rowCount;

/** The processes of the database's that answered the pool's check. */
const checks = async (): Promise<number[]> =>
  (
    await database.pool.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'gated' and query = 'select 1'",
    )
  ).rows.map(({ pid }) => pid);

const away = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => false,
    (error: unknown) => isDatabaseAway(error),
  );

const reads: [name: string, read: () => Promise<unknown>][] = [
  ["a query of the pool", () => pool.query("select 1")],
  ["Prisma", () => db.user.count()],
  ["a raw query of Prisma", () => db.$queryRaw`select 1`],
  ["an interactive transaction", () => db.$transaction((tx) => tx.user.count())],
  ["a list of statements in one transaction", () => db.$transaction([db.user.count(), db.user.count()])],
];

for (const [name, read] of reads) {
  test(`${name} says that a database is away which refuses, and works once it is back`, async () => {
    await read();
    gate.refuse();
    expect(await away(read())).toBe(true);
    gate.open();
    await expect.poll(() => away(read())).toBe(false);
    await read();
  });

  test(`${name} that is in flight ends when the database stops answering, and works once it is back`, async () => {
    await read();
    gate.hang();
    expect(await away(read())).toBe(true);
    // From now on nothing waits: the refusal is there before a connection could have been tried.
    expect(await away(read())).toBe(true);
    gate.open();
    await expect.poll(() => away(read())).toBe(false);
    await read();
  });
}

test("a connection that is held when the database stops answering is given back", async () => {
  const client = await pool.connect();
  gate.hang();
  expect(await away(client.query("select 1"))).toBe(true);
  client.release(true);
  gate.open();
  await expect.poll(() => away(pool.query("select 1"))).toBe(false);
});

test("a query that takes long is no sign of a database that is away", async () => {
  await expect(pool.query("select pg_sleep(4)")).resolves.toMatchObject({ rowCount: 1 });
});

test("a process that is itself blocked for two seconds does not take the database for away", async () => {
  const work = pool.query("select pg_sleep(3)");
  await expect.poll(checks).toHaveLength(1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  await expect(work).resolves.toMatchObject({ rowCount: 1 });
  expect(await away(pool.query("select 1"))).toBe(false);
});

test("a mistake of ours is not taken for an outage", async () => {
  expect(await away(pool.query("select nonsense"))).toBe(false);
  expect(await away(db.user.findUniqueOrThrow({ where: { id: 1 } }))).toBe(false);
});

test("a pool that has ended leaves no connection behind", async () => {
  const client = await pool.connect();
  await expect.poll(checks).toHaveLength(1);
  client.release();
  await pool.end();
  await expect.poll(connections).toBe(0);
  pool = createWatchedPool(database.url, createLog("silent"));
});

// The frozen session must be a process of this machine.
const ofThisRun = test.skipIf(process.env.TEST_DATABASE_URL);

ofThisRun("a pool that ends between two tries to reach the database makes no second one", async () => {
  const client = await pool.connect();
  await expect.poll(checks).toHaveLength(1);
  const frozen = (await checks())[0] as number;
  process.kill(frozen, "SIGSTOP");
  // The first try: nothing else is asked meanwhile.
  const sent = gate.sent();
  await expect.poll(() => gate.sent()).toBeGreaterThan(sent);
  client.release(true);
  await pool.end();
  // A second one would have been made by then.
  await delay(500);
  process.kill(frozen, "SIGCONT");
  await expect.poll(connections).toBe(0);
  pool = createWatchedPool(database.url, createLog("silent"));
});

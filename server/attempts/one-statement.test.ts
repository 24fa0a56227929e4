import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { listenToStatements, type Statements } from "../test/statements";
import { attemptBoth, createAttemptLimit } from "./attempt-limit";

let database: TestDatabase;
let statements: Statements;
beforeAll(async () => {
  database = await createTestDatabase();
  statements = listenToStatements(database.pool);
});
afterAll(() => database.drop());

let made = 0;
/** A limit that no other test counts for, and what the database has counted of it. */
function limitOf(attempts: number) {
  const name = `together-${made++}`;
  const attempt = createAttemptLimit({ pool: database.pool, env: parseEnv({}) }, { name, attempts });
  const counted = async () => {
    const rows = await database.db.attemptCount.findMany({ where: { key: { startsWith: `${name}:` } } });
    return rows.map(({ points }) => points).sort((a, b) => a - b);
  };
  return { attempt, counted };
}

test("attempts of one address at the same moment are one statement, and each has its own place in it", async () => {
  const { attempt, counted } = limitOf(3);
  let waits: (number | null)[] = [];
  const sent = await statements.during(async () => {
    waits = await Promise.all(Array.from({ length: 12 }, () => attempt("203.0.113.1")));
  });
  expect(sent).toHaveLength(1);
  expect(waits.filter((wait) => wait === null)).toHaveLength(3);
  expect(await counted()).toEqual([12]);
});

test("attempts of several addresses at the same moment are one statement, and each address has its own share", async () => {
  const { attempt, counted } = limitOf(2);
  const addresses = ["203.0.113.1", "203.0.113.2", "2001:db8:1:1::1"];
  let waits: (number | null)[] = [];
  const sent = await statements.during(async () => {
    waits = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => attempt(addresses[n % 3] ?? "")));
  });
  expect(sent).toHaveLength(1);
  for (const nth of [0, 1, 2]) expect(waits.filter((wait, n) => n % 3 === nth && wait === null)).toHaveLength(2);
  // Two addresses, and three networks around the third one.
  expect(await counted()).toEqual([3, 3, 3, 3, 3]);
});

test("of a crowd whose attempts count for two limits nobody is counted twice or left out", async () => {
  const [minute, day] = [limitOf(40), limitOf(60)];
  const crowd = Array.from({ length: 40 }, (_, n) => `203.0.113.${n % 2}`);
  const waits = await Promise.all(crowd.map((address) => attemptBoth(minute.attempt, day.attempt, address)));
  expect(waits).toEqual(crowd.map(() => ({ first: null, second: null })));
  expect([await minute.counted(), await day.counted()]).toEqual([
    [20, 20],
    [20, 20],
  ]);
});

test("what the minute refuses of a crowd is given back to the day", async () => {
  const [minute, day] = [limitOf(2), limitOf(30)];
  const crowd = Array.from({ length: 8 }, () => attemptBoth(minute.attempt, day.attempt, "203.0.113.1"));
  const waits = await Promise.all(crowd);
  expect(waits.filter(({ first }) => first === null)).toHaveLength(2);
  expect(await day.counted()).toEqual([2]);
});

test("a window that is over begins anew with the first of several attempts", async () => {
  const { attempt, counted } = limitOf(3);
  await attempt("203.0.113.1");
  await database.pool.query(`update "AttemptCount" set points = 3, expire = 1 where key like 'together-${made - 1}:%'`);
  const waits = await Promise.all([1, 2, 3, 4].map(() => attempt("203.0.113.1")));
  expect(waits.filter((wait) => wait === null)).toHaveLength(3);
  expect(await counted()).toEqual([4]);
});

/**
 * Counts an attempt of an address whose row is held by a transaction, and at the same moment of others; what is called
 * lets it go.
 */
async function holdUp(attempt: (address: string) => Promise<number | null>, address: string, others: string[] = []) {
  await attempt(address);
  const holder = await database.pool.connect();
  // Also where an expectation fails: its lock ends with its connection.
  onTestFinished(() => holder.release(true));
  await holder.query("begin");
  await holder.query(`select from "AttemptCount" where key like 'together-${made - 1}:%' for update`);
  const outcome = attempt(address);
  const beside = Promise.all(others.map(attempt));
  // Not asked inside the transaction, which would be told the same each time.
  const waiting = async () => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.map(({ pid }) => pid);
  };
  await expect.poll(waiting).toHaveLength(1);
  const [pid] = await waiting();
  return {
    outcome,
    beside,
    cut: () => database.pool.query("select pg_terminate_backend($1)", [pid]),
    letGo: () => holder.query("commit"),
  };
}

test("an address whose row is held by another transaction holds up no address that comes later", async () => {
  const { attempt, counted } = limitOf(3);
  const { outcome, letGo } = await holdUp(attempt, "203.0.113.1");
  expect(await Promise.all(["203.0.113.2", "203.0.113.3"].map(attempt))).toEqual([null, null]);
  await letGo();
  expect(await outcome).toBeNull();
  expect(await counted()).toEqual([1, 1, 2]);
});

test("addresses that share a statement with a held row are answered with it, and each is counted once", async () => {
  const { attempt, counted } = limitOf(2);
  const others = ["203.0.113.2", "203.0.113.3", "203.0.113.3"];
  const { outcome, beside, letGo } = await holdUp(attempt, "203.0.113.1", others);
  // None of that statement is counted while the row is held; the next one counts.
  expect(await attempt("203.0.113.4")).toBeNull();
  expect(await counted()).toEqual([1, 1]);
  await letGo();
  expect([await outcome, ...(await beside)]).toEqual([null, null, null, null]);
  expect(await counted()).toEqual([1, 1, 2, 2]);
});

test("addresses that share a statement whose connection is cut are counted by the process with it", async () => {
  const { attempt, counted } = limitOf(2);
  const { outcome, beside, cut, letGo } = await holdUp(attempt, "203.0.113.1", ["203.0.113.2", "203.0.113.2"]);
  await cut();
  expect([await outcome, ...(await beside)]).toEqual([null, null, null]);
  await letGo();
  expect(await counted()).toEqual([1]);
});

test("a connection that is cut under a statement fails its attempts only, which the process then counts", async () => {
  const { attempt, counted } = limitOf(3);
  const { outcome, cut, letGo } = await holdUp(attempt, "203.0.113.1");
  const later = Promise.all([1, 2, 3].map(() => attempt("203.0.113.1")));
  await cut();
  expect(await outcome).toBeNull();
  await letGo();
  expect((await later).filter((wait) => wait === null)).toHaveLength(2);
  expect(await counted()).toEqual([4]);
});

test("of a crowd that two limits refuse at once the second has counted only those whom the first let pass", async () => {
  for (const address of ["203.0.113.3", "2001:db8:3:1::1"]) {
    const [minute, day] = [limitOf(2), limitOf(4)];
    const waits = await Promise.all(
      Array.from({ length: 12 }, () => attemptBoth(minute.attempt, day.attempt, address)),
    );
    expect(waits.filter(({ first, second }) => first === null && second === null)).toHaveLength(2);
    expect(new Set(await day.counted())).toEqual(new Set([2]));
    expect([await day.attempt(address), await day.attempt(address)]).toEqual([null, null]);
    expect(await day.attempt(address)).not.toBeNull();
  }
});

test("a share of the second limit that was used up before is not given back by what the first refuses", async () => {
  const [minute, day] = [limitOf(2), limitOf(2)];
  for (let used = 0; used < 3; used++) await day.attempt("203.0.113.4");
  const waits = await Promise.all(
    Array.from({ length: 6 }, () => attemptBoth(minute.attempt, day.attempt, "203.0.113.4")),
  );
  expect(waits.filter(({ first }) => first !== null)).toHaveLength(4);
  expect(await day.counted()).toEqual([3]);
  expect(await day.attempt("203.0.113.4")).not.toBeNull();
});

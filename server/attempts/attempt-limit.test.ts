import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createPool } from "../database/db";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { listenToStatements } from "../test/statements";
import { attemptBoth, createAttemptLimit } from "./attempt-limit";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let made = 0;
/** A limit that no other test counts for. */
const limitOf = (attempts: number, options: { name?: string; seconds?: number } = {}) =>
  createAttemptLimit({ pool: database.pool, env: parseEnv({}) }, { name: `test-${made++}`, attempts, ...options });

test("an address gets its share a minute and is told how long to wait", async () => {
  const attempt = limitOf(2);
  expect(await attempt("203.0.113.1")).toBeNull();
  expect(await attempt("203.0.113.1")).toBeNull();
  const wait = await attempt("203.0.113.1");
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
});

test("attempts of one address do not count for another", async () => {
  const attempt = limitOf(1);
  await attempt("203.0.113.1");
  expect(await attempt("203.0.113.2")).toBeNull();
});

test("the share comes back when its time is over", async () => {
  const attempt = limitOf(1, { seconds: 1 });
  await attempt("203.0.113.1");
  await expect.poll(() => attempt("203.0.113.1")).toBeNull();
});

test("several processes count together", async () => {
  const [one, other] = [limitOf(2, { name: "shared" }), limitOf(2, { name: "shared" })];
  expect([await one("203.0.113.1"), await other("203.0.113.1")]).toEqual([null, null]);
  expect(await one("203.0.113.1")).not.toBeNull();
  expect(await other("203.0.113.1")).not.toBeNull();
});

test("of attempts at the same moment no more than the share pass", async () => {
  const attempt = limitOf(3);
  const waits = await Promise.all(Array.from({ length: 12 }, () => attempt("203.0.113.1")));
  expect(waits.filter((wait) => wait === null)).toHaveLength(3);
});

test("the addresses of one IPv6 network share theirs", async () => {
  const attempt = limitOf(1);
  await attempt("2001:db8:1:1::1");
  expect(await attempt("2001:db8:1:1::2")).not.toBeNull();
});

for (const [prefix, share, address] of [
  [56, 2, (n: number) => `2001:db8:1:${(0x100 + n).toString(16)}::1`],
  [48, 4, (n: number) => `2001:db8:2:${(0x100 * n).toString(16)}::1`],
] as const) {
  test(`moving about in an IPv6 network of /${prefix} gives no more than ${share} shares`, async () => {
    const attempt = limitOf(2);
    const waits: (number | null)[] = [];
    for (let n = 1; n <= 2 * share + 2; n++) waits.push(await attempt(address(n)));
    expect(waits.filter((wait) => wait === null)).toHaveLength(2 * share);
  });
}

test("an IPv4 address written as IPv6 is the same address", async () => {
  const attempt = limitOf(1);
  await attempt("203.0.113.1");
  expect(await attempt("::ffff:203.0.113.1")).not.toBeNull();
});

test("0 switches the limit off", async () => {
  const attempt = limitOf(0);
  for (let i = 0; i < 100; i++) expect(await attempt("203.0.113.1")).toBeNull();
});

test("no address can be read in the database", async () => {
  await limitOf(1)("203.0.113.77");
  const rows = await database.db.attemptCount.findMany();
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows, (_, value) => String(value))).not.toContain("203.0.113.77");
});

test("while the database is away attempts are counted in the process", async () => {
  const pool = createPool("postgres://nobody@127.0.0.1:9/none", createLog("silent"));
  const attempt = createAttemptLimit({ pool, env: parseEnv({}) }, { name: "away", attempts: 1 });
  expect(await attempt("203.0.113.1")).toBeNull();
  expect(await attempt("203.0.113.1")).not.toBeNull();
  await pool.end();
});

test("a clock that is set back by an hour makes nobody wait for that hour", async () => {
  const attempt = limitOf(1);
  await attempt("203.0.113.9");
  expect(await attempt("203.0.113.9")).toBeGreaterThan(0);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect(await attempt("203.0.113.9")).toBeNull();
  const wait = await attempt("203.0.113.9");
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
});

test("an attempt is counted by two limits in one statement, for IPv6 with the networks around it", async () => {
  const statements = listenToStatements(database.pool);
  for (const address of ["203.0.113.10", "2001:db8:10:1::1"]) {
    const [minute, day] = [limitOf(2), limitOf(3)];
    const sent = await statements.during(async () => {
      expect(await attemptBoth(minute, day, address)).toEqual({ first: null, second: null });
    });
    expect(sent).toHaveLength(1);
    expect(await minute(address)).toBeNull();
    expect(await minute(address)).not.toBeNull();
    expect([await day(address), await day(address)]).toEqual([null, null]);
    expect(await day(address)).not.toBeNull();
  }
});

test("what the first of two limits refuses is not counted by the second", async () => {
  const [minute, day] = [limitOf(1), limitOf(3)];
  const both = () => attemptBoth(minute, day, "203.0.113.11");
  expect(await both()).toEqual({ first: null, second: null });
  for (let refused = 0; refused < 4; refused++)
    expect(await both()).toEqual({ first: expect.any(Number), second: null });
  expect([await day("203.0.113.11"), await day("203.0.113.11")]).toEqual([null, null]);
  expect(await day("203.0.113.11")).not.toBeNull();
});

test("what the second of two limits refuses is told apart", async () => {
  const [minute, day] = [limitOf(5), limitOf(1)];
  expect(await attemptBoth(minute, day, "203.0.113.12")).toEqual({ first: null, second: null });
  expect(await attemptBoth(minute, day, "203.0.113.12")).toEqual({ first: null, second: expect.any(Number) });
});

test("of attempts for two limits at the same moment, from several addresses, each gets its share", async () => {
  const [minute, day] = [limitOf(2), limitOf(4)];
  const addresses = ["203.0.113.20", "203.0.113.21", "2001:db8:20:1::1", "2001:db8:21:1::1"];
  const waits = await Promise.all(
    Array.from({ length: 16 }, (_, n) => attemptBoth(minute, day, addresses[n % 4] ?? "")),
  );
  for (const nth of [0, 1, 2, 3])
    expect(waits.filter(({ first }, n) => n % 4 === nth && first === null)).toHaveLength(2);
});

test("while the database is away attempts are counted by both limits in the process", async () => {
  const pool = createPool("postgres://nobody@127.0.0.1:9/none", createLog("silent"));
  const [minute, day] = [4, 1].map((attempts) =>
    createAttemptLimit({ pool, env: parseEnv({}) }, { name: `away-${attempts}`, attempts }),
  ) as [ReturnType<typeof limitOf>, ReturnType<typeof limitOf>];
  expect(await attemptBoth(minute, day, "203.0.113.1")).toEqual({ first: null, second: null });
  expect(await attemptBoth(minute, day, "203.0.113.1")).toEqual({ first: null, second: expect.any(Number) });
  await pool.end();
});

test("the work of an attempt may begin before it is counted, so often as the address has its share", async () => {
  const minute = limitOf(2);
  const begin = () => minute.mayBegin("203.0.113.30");
  expect([await begin(), await begin(), await begin()]).toEqual([true, true, false]);
  expect(await minute.mayBegin("203.0.113.31")).toBe(true);
  expect(await minute("203.0.113.30")).toBeNull();
});

test("no work begins for an address that is known to have had its share", async () => {
  const [here, elsewhere] = [limitOf(2, { name: "known" }), limitOf(2, { name: "known" })];
  await elsewhere("203.0.113.32");
  await elsewhere("203.0.113.32");
  expect(await here("203.0.113.32")).not.toBeNull();
  expect(await here.mayBegin("203.0.113.32")).toBe(false);
});

test("an address that moves about in its IPv6 network begins no more work than the network's shares", async () => {
  const minute = limitOf(1);
  const begun: boolean[] = [];
  for (let n = 1; n <= 6; n++) begun.push(await minute.mayBegin(`2001:db8:30:${(0x100 + n).toString(16)}::1`));
  expect(begun.filter(Boolean)).toHaveLength(2);
});

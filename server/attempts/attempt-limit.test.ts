import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createPool } from "../database/db";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { createAttemptLimit } from "./attempt-limit";

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

test("another address has its own share", async () => {
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

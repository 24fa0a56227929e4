import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createLog } from "../../platform/log";
import { createTestDatabase, type TestDatabase } from "../../test/database";
import { RateLimiter, withoutRateLimit } from "./rate-limit";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const fill = (tokens: number) =>
  database.pool.query(`update "CrmPortal" set tokens = $1, "tokensAt" = clock_timestamp() where id = 1`, [tokens]);
beforeEach(() => fill(1_000_000));
// Also after the last test: the next file of the process would have this one's clock.
afterEach(() => void vi.useRealTimers());

const newRateLimiter = (requestsPerSecond = 100, burst = 5) =>
  new RateLimiter({ pool: database.pool, log: createLog("silent"), requestsPerSecond, burst });

const tokens = async () =>
  (await database.pool.query<{ tokens: number }>('select tokens from "CrmPortal" where id = 1')).rows[0]?.tokens ?? 0;

const unixNow = () => Date.now() / 1000;

/** A method of one test: what rate limiters of earlier tests learn is still being stored while the next test runs. */
const newMethod = (name: string) => `${name} ${crypto.randomUUID()}`;

test("several processes draw from one bucket, and each request beyond the burst has a place of its own", async () => {
  // So slow that no token is added while the test runs.
  const paces = Array.from({ length: 4 }, () => newRateLimiter(0.001, 20));
  await Promise.all(Array.from({ length: 20 }, (_, index) => paces[index % 4]?.take()));
  expect(await tokens()).toBeGreaterThanOrEqual(0);
  expect(await tokens()).toBeLessThan(0.5);
});

test("a request that finds the bucket empty waits its turn", async () => {
  // Taken before the bucket is emptied: on a busy machine tokens are added before the first request.
  const started = performance.now();
  await fill(0);
  const rateLimiter = newRateLimiter(50, 5);
  await Promise.all([rateLimiter.take(), newRateLimiter(50, 5).take(), rateLimiter.take()]);
  // Never sooner; how much later depends on the machine.
  expect(performance.now() - started).toBeGreaterThanOrEqual(50);
});

test("a bucket that rested for long holds a burst and no more", async () => {
  await database.pool.query(`update "CrmPortal" set tokens = 0, "tokensAt" = now() - interval '1 day' where id = 1`);
  await newRateLimiter(0.001, 5).take();
  // A day at a thousandth per second would be 86.
  expect(await tokens()).toBeCloseTo(4, 1);
});

test("a portal that says it is full empties the bucket for everybody", async () => {
  await newRateLimiter(2, 20).penalize(4);
  expect(await tokens()).toBeCloseTo(999_992 - 1_000_000, 0);
});

test("a clock that was set back takes nothing out of the bucket", async () => {
  await database.pool.query(`update "CrmPortal" set tokens = 3, "tokensAt" = now() + interval '1 hour' where id = 1`);
  await newRateLimiter().take();
  expect(await tokens()).toBeCloseTo(2, 1);
});

test("a method is left alone before the portal refuses it, until the oldest minute leaves the sum", () => {
  const rateLimiter = newRateLimiter();
  const resetAt = Math.ceil(unixNow()) + 100;
  rateLimiter.report("crm.item.add", { operating: 399, operating_reset_at: resetAt });
  expect(rateLimiter.blockedUntil(["crm.item.add"])).toBeUndefined();
  expect(rateLimiter.secondsLeft("crm.item.add")).toBe(1);
  rateLimiter.report("crm.item.add", { operating: 405, operating_reset_at: resetAt });
  expect(rateLimiter.blockedUntil(["batch", "crm.item.add"])).toEqual(new Date(resetAt * 1000));
  expect(rateLimiter.blockedUntil(["crm.item.list"])).toBeUndefined();
  expect(rateLimiter.secondsLeft("crm.item.add")).toBe(0);
  vi.useFakeTimers({ toFake: ["Date"], now: resetAt * 1000 + 1 });
  expect(rateLimiter.blockedUntil(["crm.item.add"])).toBeUndefined();
  expect(rateLimiter.secondsLeft("crm.item.add")).toBe(Number.POSITIVE_INFINITY);
});

test("a method is not left alone for longer than the portal counts, after a clock was set back", () => {
  const rateLimiter = newRateLimiter();
  rateLimiter.report("crm.item.add", { operating: 470, operating_reset_at: Math.ceil(unixNow()) + 300 });
  expect(rateLimiter.blockedUntil(["crm.item.add"])).toBeDefined();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
  expect(rateLimiter.blockedUntil(["crm.item.add"])).toBeUndefined();
  expect(rateLimiter.secondsLeft("crm.item.add")).toBe(Number.POSITIVE_INFINITY);
});

test("of several blocked methods the last to be free decides", () => {
  const rateLimiter = newRateLimiter();
  const now = Math.ceil(unixNow());
  rateLimiter.report("a", { operating: 480, operating_reset_at: now + 100 });
  rateLimiter.report("b", { operating: 480, operating_reset_at: now + 200 });
  expect(rateLimiter.blockedUntil(["a", "b"])).toEqual(new Date((now + 200) * 1000));
});

test("times that tell nothing, or half, are borne", () => {
  const rateLimiter = newRateLimiter();
  for (const time of [undefined, null, {}, [], { operating: "5" }, { operating_reset_at: 5 }])
    rateLimiter.report("a", time);
  expect(rateLimiter.secondsLeft("a")).toBe(Number.POSITIVE_INFINITY);
  rateLimiter.report("a", { operating: 450 });
  const until = rateLimiter.blockedUntil(["a"])?.getTime() ?? 0;
  expect(until - Date.now()).toBeGreaterThan(50_000);
  expect(until - Date.now()).toBeLessThanOrEqual(60_000);
});

test.each([1e300, 4e12])("a limit that is said to end at %s ends within the hour", (resetAt) => {
  const rateLimiter = newRateLimiter();
  rateLimiter.report("crm.item.add", { operating: 470, operating_reset_at: resetAt });
  const until = rateLimiter.blockedUntil(["crm.item.add"])?.getTime();
  expect(until).toBeGreaterThan(Date.now());
  expect(until).toBeLessThanOrEqual(Date.now() + 3_600_000);
});

test("a refusal blocks its method until the time told last, or for a minute", () => {
  const rateLimiter = newRateLimiter();
  const resetAt = Math.ceil(unixNow()) + 300;
  rateLimiter.report("told", { operating: 5, operating_reset_at: resetAt });
  expect(rateLimiter.refused("told")).toEqual(new Date(resetAt * 1000));
  expect(rateLimiter.blockedUntil(["told"])).toEqual(new Date(resetAt * 1000));
  const inAMinute = rateLimiter.refused("untold").getTime() - Date.now();
  expect(inAMinute).toBeGreaterThan(50_000);
  expect(rateLimiter.blockedUntil(["untold"])).toBeDefined();
  expect(withoutRateLimit.refused("any").getTime()).toBeGreaterThan(Date.now());
});

test("the next leader begins with the limits that the last one had learned", async () => {
  const method = newMethod("crm.item.add");
  const resetAt = Math.ceil(unixNow()) + 300;
  newRateLimiter().report(method, { operating: 470, operating_reset_at: resetAt });
  const next = newRateLimiter();
  await expect
    .poll(async () => {
      await next.load();
      return next.blockedUntil([method]);
    })
    .toEqual(new Date(resetAt * 1000));
});

test("what several processes have learned of different methods stands side by side", async () => {
  const methods = [newMethod("crm.item.add"), newMethod("crm.item.update")];
  const resetAt = Math.ceil(unixNow()) + 300;
  for (const method of methods) newRateLimiter().report(method, { operating: 470, operating_reset_at: resetAt });
  const next = newRateLimiter();
  await expect
    .poll(async () => {
      await next.load();
      return methods.map((method) => next.blockedUntil([method]) !== undefined);
    })
    .toEqual([true, true]);
});

test("a process that learned of one method leaves what others have stored since about the methods that it has loaded", async () => {
  const [old, own] = [newMethod("crm.item.add"), newMethod("crm.item.update")];
  const resetAt = Math.ceil(unixNow()) + 300;
  const isBlocked = async (method: string) => {
    const next = newRateLimiter();
    await next.load();
    return next.blockedUntil([method]) !== undefined;
  };
  const store = (operating: number) =>
    database.pool.query(`update "CrmPortal" set operating = operating || jsonb_build_object($1::text, $2::jsonb)`, [
      old,
      JSON.stringify({ operating, resetAt }),
    ]);
  await store(300);
  const rateLimiter = newRateLimiter();
  await rateLimiter.load();
  await store(470);
  rateLimiter.report(own, { operating: 470, operating_reset_at: resetAt });
  await expect.poll(() => isBlocked(own)).toBe(true);
  expect(await isBlocked(old)).toBe(true);
});

test("a figure that could not be stored is stored with the next one", async () => {
  const [blocked, next] = [newMethod("crm.item.add"), newMethod("crm.item.update")];
  let attempts = 0;
  const query = async (text: string, values: unknown[]) => {
    if (++attempts === 1) throw new Error("the connection was cut");
    return database.pool.query(text, values);
  };
  const rateLimiter = new RateLimiter({
    pool: { query } as never,
    log: createLog("silent"),
    requestsPerSecond: 100,
    burst: 5,
  });
  rateLimiter.refused(blocked);
  await expect.poll(() => attempts).toBe(1);
  rateLimiter.refused(next);
  const stored = () =>
    database.pool.query('select operating ?& $1 as both from "CrmPortal" where id = 1', [[blocked, next]]);
  await expect.poll(async () => (await stored()).rows[0].both).toBe(true);
});

test("the API usage of a batch is saved in order, a few times at most, and the newest last", async () => {
  const method = newMethod("crm.item.add");
  let atOnce = 0;
  let most = 0;
  let written = 0;
  const query = async (text: string, values: unknown[]) => {
    most = Math.max(most, ++atOnce);
    const answer = await database.pool.query(text, values);
    atOnce--;
    written++;
    return answer;
  };
  const rateLimiter = new RateLimiter({
    pool: { query } as never,
    log: createLog("silent"),
    requestsPerSecond: 100,
    burst: 5,
  });
  const resetAt = Math.ceil(unixNow()) + 300;
  for (let command = 1; command <= 50; command++)
    rateLimiter.report(method, { operating: 300 + command, operating_reset_at: resetAt });
  const stored = () => database.pool.query('select operating -> $1 as figure from "CrmPortal" where id = 1', [method]);
  // The figure may be seen before the statement that stored it has been answered.
  await expect
    .poll(async () => ({ written, figure: (await stored()).rows[0].figure }))
    .toEqual({ written: 2, figure: { operating: 350, resetAt } });
  expect({ most, written }).toEqual({ most: 1, written: 2 });
});

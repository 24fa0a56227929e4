import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { blocked } from "../test/database";
import { createTestQueue, type TestQueue } from "../test/queue";
import { createQueue, priorities, type Queue } from "./queue";

let database: TestQueue;
let queue: Queue;

beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
});

afterAll(async () => {
  await database.drop();
});

const enqueue = (userId: number, options?: Parameters<Queue["enqueue"]>[3]) =>
  database.db.$transaction((tx) => queue.enqueue(tx, "crm-registration", userId, options));

async function drain() {
  const jobs = await queue.fetch("crm-registration", 1_000);
  await queue.finish("crm-registration", jobs);
  return jobs.map((job) => job.userId);
}

test("a job exists only if its transaction commits", async () => {
  await expect(
    database.db.$transaction(async (tx) => {
      await queue.enqueue(tx, "crm-registration", 1);
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  expect(await drain()).toEqual([]);
  await enqueue(2);
  expect(await drain()).toEqual([2]);
});

test("two requests for one user leave one waiting job", async () => {
  await enqueue(3);
  await enqueue(3);
  expect(await drain()).toEqual([3]);
});

test("a delayed job is brought forward by a new request", async () => {
  await enqueue(4, { startAfter: new Date(Date.now() + 3_600_000) });
  expect(await drain()).toEqual([]);
  await enqueue(4, { priority: priorities.resend });
  expect(await drain()).toEqual([4]);
});

test("many users get their jobs at once, and waiting ones are brought forward", async () => {
  await enqueue(20, { startAfter: new Date(Date.now() + 3_600_000) });
  await database.db.$transaction((tx) => queue.enqueueMany(tx, "crm-registration", [20, 21, 22], { priority: 20 }));
  expect((await drain()).sort()).toEqual([20, 21, 22]);
});

test("urgent jobs are fetched first, then older ones", async () => {
  await enqueue(5, { priority: priorities.import });
  await enqueue(6);
  await enqueue(7);
  await enqueue(8, { priority: priorities.resend });
  expect((await queue.fetch("crm-registration", 3)).map((job) => job.userId)).toEqual([8, 6, 7]);
  expect(await drain()).toEqual([5]);
  await queue.reclaim("crm-registration");
  await drain();
});

test("a settled job with a retry time is due again with its priority", async () => {
  await enqueue(9, { priority: priorities.resend });
  const [job] = await queue.fetch("crm-registration", 1);
  if (!job) throw new Error("no job");
  await queue.finish("crm-registration", [{ ...job, retryAt: new Date(Date.now() - 1) }]);
  expect(await queue.fetch("crm-registration", 1)).toMatchObject([{ userId: 9, priority: priorities.resend }]);
  await queue.reclaim("crm-registration");
  await drain();
});

test("jobs that a dead worker had taken are reclaimed", async () => {
  await enqueue(10);
  await queue.fetch("crm-registration", 1);
  expect(await drain()).toEqual([]);
  expect(await queue.reclaim("crm-registration")).toBe(1);
  expect(await drain()).toEqual([10]);
});

test("a new job may wait while the user's last one is worked on, and the reclaim keeps one of them", async () => {
  await enqueue(11);
  await queue.fetch("crm-registration", 1);
  await enqueue(11);
  await queue.reclaim("crm-registration");
  expect(await drain()).toEqual([11]);
});

test("the sweep's jobs do not double waiting ones", async () => {
  await enqueue(12);
  await queue.ensure("crm-registration", [12, 13], priorities.registration);
  expect((await drain()).sort()).toEqual([12, 13]);
});

test("an unknown queue is an error, not a lost job", async () => {
  const wrong = "no-such-queue" as "crm-registration";
  await expect(database.db.$transaction((tx) => queue.enqueue(tx, wrong, 14))).rejects.toThrow("no job was added");
  await expect(database.db.$transaction((tx) => queue.enqueueMany(tx, wrong, [14, 15]))).rejects.toThrow(
    "fewer jobs than users",
  );
});

const adding: [name: string, add: (userIds: number[]) => Promise<void>][] = [
  ["enqueued for many", (ids) => database.db.$transaction((tx) => queue.enqueueMany(tx, "crm-payment", ids))],
  ["ensured by the sweep", (ids) => queue.ensure("crm-payment", ids, priorities.registration)],
  [
    "due again",
    (ids) =>
      queue.finish(
        "crm-payment",
        ids.map((userId) => ({ id: randomUUID(), userId, priority: 0, retryAt: new Date() })),
      ),
  ],
];

for (const [index, [name, add]] of adding.entries())
  test(`jobs that are ${name} are added in the order of people, beside a transaction that does so too`, async () => {
    const [first, second] = [100 + 2 * index, 101 + 2 * index];
    for (const given of [
      [first, second],
      [second, first],
    ]) {
      let added: Promise<void> | undefined;
      await database.db.$transaction(async (tx) => {
        await queue.enqueue(tx, "crm-payment", first);
        added = add(given);
        await expect.poll(() => blocked(database)).toBe(1);
        await queue.enqueue(tx, "crm-payment", second);
      });
      await added;
      const waiting = await queue.fetch("crm-payment", 100);
      expect(waiting.map(({ userId }) => userId).sort()).toEqual([first, second]);
      await queue.finish("crm-payment", waiting);
    }
  });

test("waiting jobs of many are brought forward in the order of people", async () => {
  for (const userId of [201, 200]) await enqueue(userId);
  const other = await database.pool.connect();
  const lock = (userId: number) =>
    other.query("select 1 from pgboss.job where singleton_key = $1 for update", [String(userId)]);
  try {
    await other.query("begin");
    await lock(200);
    const brought = database.db.$transaction((tx) => queue.enqueueMany(tx, "crm-registration", [201, 200]));
    await expect.poll(() => blocked(database)).toBe(1);
    await lock(201);
    await other.query("commit");
    await brought;
  } finally {
    await other.query("rollback");
    other.release();
  }
  expect((await drain()).sort()).toEqual([200, 201]);
});

test("a process starts beside a transaction that adds jobs for long", async () => {
  const { db, pool } = database;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isAdded = false;
  const adding = db.$transaction(async (tx) => {
    await queue.enqueueMany(tx, "crm-registration", [90, 91]);
    isAdded = true;
    await held;
  });
  await expect.poll(() => isAdded).toBe(true);
  let isStarted = false;
  const starting = createQueue({ pool, log: createLog("silent"), supervise: false }).finally(() => {
    isStarted = true;
  });
  await expect.poll(async () => isStarted || (await blocked(database)) > 0).toBe(true);
  const hasWaited = !isStarted;
  letGo();
  await adding;
  await (await starting).stop();
  expect(hasWaited).toBe(false);
});

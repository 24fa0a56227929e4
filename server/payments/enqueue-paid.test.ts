import { afterAll, beforeAll, expect, test } from "vitest";
import type { Queue } from "../queue/queue";
import { makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { sweepPaid } from "./enqueue-paid";

let database: TestQueue;
let queue: Queue;
beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
});
afterAll(async () => {
  await database.drop();
});

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test("who arrived lately and has not been compared since is reminded of, unless there is nothing to compare", async () => {
  const arrived = async (isPaid: boolean, checkedAt?: Date, crmSyncedAt = ago(2)) => {
    const snapshot = checkedAt && { dealSnapshot: { create: { stageId: "NEW", updatedTime: "", checkedAt } } };
    return (await makeUser(database.db, { crmState: "SYNCED", isPaid, crmSyncedAt, ...snapshot })).id;
  };
  const paidBefore = await arrived(true);
  const onceMore = [await arrived(false, ago(30)), await arrived(true, ago(30))];
  await arrived(false);
  await arrived(true, ago(1));
  await arrived(true, undefined, ago(11));
  await sweepPaid({ db: database.db, queue });
  const jobs = await queue.fetch("crm-payment", 10);
  expect(jobs.map(({ userId }) => userId).sort((a, b) => a - b)).toEqual([paidBefore, ...onceMore]);
});

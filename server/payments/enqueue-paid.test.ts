import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
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

let dealId = 0;
const paid = (crmSyncedAt: Date, overrides: Parameters<typeof makeUser>[1] = {}) =>
  makeUser(database.db, { crmState: "SYNCED", isPaid: true, crmSyncedAt, bitrix24DealId: ++dealId, ...overrides });
const seen = (checkedAt: Date, pushedPaid: boolean | null = null, agreedPaid: boolean | null = null) => ({
  dealSnapshot: { create: { stageId: "NEW", updatedTime: "", checkedAt, pushedPaid, agreedPaid } },
});

/** Sweeps; returns the people who are reminded of, and from when on the next sweep looks. */
async function sweep(since: Date | null, env: Record<string, string> = {}) {
  const next = await sweepPaid({ ...database, queue, env: parseEnv({ NODE_ENV: "test", ...env }) }, since);
  const jobs = await queue.fetch("crm-payment", 100);
  await queue.finish("crm-payment", jobs);
  return { next, people: jobs.map(({ userId }) => userId).sort((a, b) => a - b) };
}

test("who arrived since the last sweep and has not been compared is reminded of, unless there is nothing to compare", async () => {
  const paidBefore = await paid(ago(2));
  const onceMore = [await paid(ago(2), { isPaid: false, ...seen(ago(30)) }), await paid(ago(2), seen(ago(30)))];
  const unpaid = await paid(ago(2), { isPaid: false });
  await paid(ago(2), seen(ago(1)));
  await paid(ago(11));
  const { people } = await sweep(ago(10));
  expect(people).toEqual([paidBefore, ...onceMore].map(({ id }) => id));
  // An event about the deal may have come before its id was stored.
  const heard = await sweep(ago(10), { BITRIX24_EVENT_TOKEN: "token-of-the-portal" });
  expect(heard.people).toEqual([paidBefore, ...onceMore, unpaid].map(({ id }) => id).sort((a, b) => a - b));
});

test("a worker that starts after hours finds what the one before left, and the sweeps after it look at the last minutes", async () => {
  const { id } = await paid(ago(600));
  const first = await sweep(null);
  expect(first.people).toContain(id);
  expect(Math.abs(first.next.getTime() - ago(10).getTime())).toBeLessThan(60_000);
  expect((await sweep(first.next)).people).not.toContain(id);
});

test("a payment that was changed here since the deal was looked at is reminded of although its job is lost", async () => {
  const change = (at: Date, actorKind: "USER" | "BITRIX24" = "USER") => ({
    paymentChanges: { create: { isPaid: true, actorKind, origin: "page", createdAt: at } },
  });
  const { id } = await paid(ago(9_000), { ...seen(ago(700)), ...change(ago(600)) });
  const looked = await paid(ago(9_000), { ...seen(ago(500)), ...change(ago(600)) });
  const portals = await paid(ago(9_000), { ...seen(ago(700)), ...change(ago(600), "BITRIX24") });
  // Noted before it was sent, by a worker that has ended.
  const outgoing = await paid(ago(9_000), { ...seen(ago(500), true), ...change(ago(600)) });
  // Looked at, and the portal did not take the move at that moment.
  const refused = await paid(ago(9_000), { ...seen(ago(500), null, false), ...change(ago(600)) });
  const held = await paid(ago(9_000), { crmState: "HELD", ...seen(ago(700)), ...change(ago(600)) });
  const { people } = await sweep(null);
  expect(people).toContain(id);
  expect(people).toContain(outgoing.id);
  expect(people).toContain(refused.id);
  expect(people).toContain(held.id);
  expect(people).not.toContain(looked.id);
  expect(people).not.toContain(portals.id);
  expect((await sweep(ago(10))).people).not.toContain(id);
});

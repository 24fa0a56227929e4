import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import type { Queue } from "../queue/queue";
import type { TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { paymentHistory, setPaid, setPaidMany } from "./payments";
import { newestPaymentChange, undoBulk } from "./undo-bulk";

let database: TestQueue;
let services: TestDatabase & { queue: Queue };
let actor: Actor;
let colleague: Actor;

beforeAll(async () => {
  database = await createTestQueue();
  services = { ...database, queue: database.queue };
  actor = await makeAdmin(database.db);
  colleague = await makeAdmin(database.db);
});

afterAll(async () => {
  await database.drop();
});

async function bulk(by: Actor, userIds: number[], isPaid: boolean) {
  const after = await newestPaymentChange(services);
  await setPaidMany(services, { actor: by, userIds, isPaid });
  return { isPaid, after, upTo: await newestPaymentChange(services) };
}

async function people(count: number, paidAt: Date | null = null) {
  const made = [];
  for (let index = 0; index < count; index++)
    made.push((await makeUser(database.db, { isPaid: paidAt !== null, paidAt })).id);
  return made;
}

const paid = async (ids: number[]) =>
  Promise.all(ids.map(async (id) => (await services.db.user.findUniqueOrThrow({ where: { id } })).isPaid));

test("a bulk change is taken back as each payment is: row, history, audit entry and job", async () => {
  const ids = await people(3);
  const change = await bulk(actor, ids, true);

  expect(await undoBulk(services, { actor, change })).toEqual({ changed: 3, undone: 3, undoable: 0 });

  expect(await paid(ids)).toEqual([false, false, false]);
  expect(await paymentHistory(services, ids[0] ?? 0)).toMatchObject([
    { isPaid: false, origin: "undo" },
    { isPaid: true, origin: "bulk" },
  ]);
  expect(await services.db.auditEntry.count({ where: { action: "payment.undo", targetId: { in: ids } } })).toBe(3);
  expect(await undoBulk(services, { actor, change })).toEqual({ changed: 3, undone: 3, undoable: 0 });
  expect(await services.db.auditEntry.count({ where: { action: "payment.undo", targetId: { in: ids } } })).toBe(3);
});

test("the day of payment that a bulk change removed comes back", async () => {
  const [id = 0] = await people(1);
  await setPaid(services, { actor, userId: id, isPaid: true, origin: "page" });
  const { paidAt } = await services.db.user.findUniqueOrThrow({ where: { id } });
  const change = await bulk(actor, [id], false);

  await undoBulk(services, { actor, change });

  expect(await services.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true, paidAt });
});

test("the days on which imported people paid come back, each person's own", async () => {
  const days = [new Date("2025-03-08T09:00:00Z"), new Date("2024-12-31T09:00:00Z")];
  const ids = (await Promise.all(days.map((day) => people(1, day)))).flat();
  await services.db.paymentChange.createMany({
    data: ids.map((userId) => ({ userId, isPaid: true, actorKind: "SYSTEM", origin: "import" })),
  });
  const change = await bulk(actor, ids, false);

  await undoBulk(services, { actor, change });

  for (const [index, id] of ids.entries())
    expect(await services.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true, paidAt: days[index] });
});

test("what was changed since, by others, before or afterwards stays as it is", async () => {
  const [mine = 0, changedSince = 0, other = 0, before = 0, later = 0, alike = 0] = await people(6);
  await setPaidMany(services, { actor, userIds: [before], isPaid: true });
  const change = await bulk(actor, [mine, changedSince], true);
  await setPaid(services, { actor: colleague, userId: changedSince, isPaid: false, origin: "page" });
  await setPaid(services, { actor: colleague, userId: changedSince, isPaid: true, origin: "page" });
  await setPaidMany(services, { actor: colleague, userIds: [other], isPaid: true });
  await setPaid(services, { actor, userId: alike, isPaid: true, origin: "page" });
  const upTo = await newestPaymentChange(services);
  await setPaidMany(services, { actor, userIds: [later], isPaid: true });

  expect(await undoBulk(services, { actor, change: { ...change, upTo } })).toEqual({
    changed: 2,
    undone: 1,
    undoable: 0,
  });

  expect(await paid([mine, changedSince, other, before, later, alike])).toEqual([false, true, true, true, true, true]);
});

test("an undoing that may not take longer says how many are left, and goes on when called again", async () => {
  const ids = await people(3);
  const change = await bulk(actor, ids, true);

  expect(await undoBulk(services, { actor, change, budget: -1 })).toEqual({ changed: 3, undone: 0, undoable: 3 });
  expect(await paid(ids)).toEqual([true, true, true]);
  expect(await undoBulk(services, { actor, change })).toEqual({ changed: 3, undone: 3, undoable: 0 });
});

test("an erased person is left alone", async () => {
  const [kept = 0, erased = 0] = await people(2);
  const change = await bulk(actor, [kept, erased], true);
  await services.db.user.update({ where: { id: erased }, data: { erasedAt: new Date() } });

  expect(await undoBulk(services, { actor, change })).toEqual({ changed: 1, undone: 1, undoable: 0 });
  expect(await paid([kept, erased])).toEqual([false, true]);
});

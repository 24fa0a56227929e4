import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import type { Queue } from "../queue/queue";
import type { TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { isUndoneBy, paymentHistory, setPaid, setPaidMany, undoPayment } from "./payments";

let database: TestQueue;
let services: { db: TestDatabase["db"]; queue: Queue };
let admin: Actor & { kind: "USER" };

beforeAll(async () => {
  database = await createTestQueue();
  const { queue } = database;
  services = { db: database.db, queue };
  admin = await makeAdmin(database.db);
});

afterAll(async () => {
  await database.drop();
});

const page = (userId: number, isPaid: boolean) => ({ actor: admin, userId, isPaid, origin: "page" as const });

/** A person as an import leaves them: paid on an earlier day than that of the change. */
const imported = (paidAt: Date) =>
  makeUser(services.db, {
    isPaid: true,
    paidAt,
    paymentChanges: { create: { isPaid: true, actorKind: "SYSTEM", origin: "import" } },
  });

async function written(userId: number) {
  const { db, pool } = database;
  const [changes, audits, jobs] = await Promise.all([
    db.paymentChange.count({ where: { userId } }),
    db.auditEntry.count({ where: { targetId: userId } }),
    pool.query("select 1 from pgboss.job where name = 'crm-payment' and singleton_key = $1", [String(userId)]),
  ]);
  return { changes, audits, jobs: jobs.rowCount };
}

test("marking a user paid writes the row, its history, its audit entry and one job", async () => {
  const { id } = await makeUser(services.db);

  const user = await setPaid(services, page(id, true));

  expect(user).toMatchObject({ id, isPaid: true, paidAt: expect.any(String) });
  expect(await written(id)).toEqual({ changes: 1, audits: 1, jobs: 1 });
  expect(await paymentHistory(services, id)).toMatchObject([
    { isPaid: true, actor: { kind: "USER", id: admin.id }, origin: "page" },
  ]);
});

test("marking what is marked already writes nothing", async () => {
  const { id } = await makeUser(services.db);

  const user = await setPaid(services, page(id, false));

  expect(user.isPaid).toBe(false);
  expect(await written(id)).toEqual({ changes: 0, audits: 0, jobs: 0 });
});

test("marking unpaid clears the day of payment", async () => {
  const { id } = await makeUser(services.db);
  await setPaid(services, page(id, true));

  expect(await setPaid(services, page(id, false))).toMatchObject({ isPaid: false, paidAt: null });
});

test("an unknown user is not found", async () => {
  await expect(setPaid(services, page(2_000_000, true))).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a stale page is told what changed and by whom, and changes nothing", async () => {
  const { id } = await makeUser(services.db);
  const other = await makeAdmin(services.db);
  await setPaid(services, { ...page(id, true), actor: other });

  const stale = setPaid(services, { ...page(id, true), expected: { isPaid: false, changeId: null } });

  await expect(stale).rejects.toMatchObject({
    code: "CONFLICT",
    details: { isPaid: true, changedAt: expect.any(String), changedBy: { kind: "USER", id: other.id } },
  });
  expect(await written(id)).toEqual({ changes: 1, audits: 1, jobs: 1 });
});

test("a page is stale too when the payment went there and back since", async () => {
  const { id } = await makeUser(services.db);
  await setPaid(services, page(id, true));
  await setPaid(services, page(id, false));

  const stale = setPaid(services, { ...page(id, true), expected: { isPaid: false, changeId: null } });

  await expect(stale).rejects.toMatchObject({ code: "CONFLICT", details: { isPaid: false } });
});

test("a page is stale when the payment differs without a change in the history, as after an import", async () => {
  const { id } = await makeUser(services.db, { isPaid: true, paidAt: new Date() });

  const stale = setPaid(services, { ...page(id, false), expected: { isPaid: false, changeId: null } });

  await expect(stale).rejects.toMatchObject({
    code: "CONFLICT",
    details: { isPaid: true, changedAt: null, changedBy: null },
  });
});

test("a page that shows the newest change may change it", async () => {
  const { id } = await makeUser(services.db);
  await setPaid(services, page(id, true));
  const [newest] = await paymentHistory(services, id);

  const user = await setPaid(services, {
    ...page(id, false),
    expected: { isPaid: true, changeId: newest?.id ?? null },
  });

  expect(user.isPaid).toBe(false);
});

test("of two people who answer the same page at the same moment one is refused", async () => {
  const { id } = await makeUser(services.db);
  const seen = { isPaid: false, changeId: null };

  const both = await Promise.allSettled([
    setPaid(services, { ...page(id, true), expected: seen }),
    setPaid(services, { ...page(id, true), expected: seen }),
  ]);

  expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await written(id)).toEqual({ changes: 1, audits: 1, jobs: 1 });
});

test("if the job cannot be written nothing is", async () => {
  const { id } = await makeUser(services.db);
  const queue: Queue = { ...services.queue, enqueueMany: () => Promise.reject(new Error("no queue")) };

  await expect(setPaid({ ...services, queue }, page(id, true))).rejects.toThrow("no queue");

  expect(await written(id)).toEqual({ changes: 0, audits: 0, jobs: 0 });
  expect(await services.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: false, paidAt: null });
});

test("undoing a mistaken unpaid brings back the day of payment, as often as it happens", async () => {
  const { id } = await makeUser(services.db);
  const paid = await setPaid(services, page(id, true));

  for (const _ of [1, 2]) {
    await setPaid(services, page(id, false));
    const [newest] = await paymentHistory(services, id);
    const user = await undoPayment(services, { actor: admin, changeId: newest?.id ?? 0 });
    expect(user).toMatchObject({ isPaid: true, paidAt: paid.paidAt });
  }

  const [undo] = await paymentHistory(services, id);
  expect(undo).toMatchObject({ isPaid: true, origin: "undo" });
});

test("the day on which an imported person paid comes back, and not the day of the import", async () => {
  const paidAt = new Date("2025-03-08T09:00:00Z");
  const { id } = await imported(paidAt);
  for (const _ of [1, 2]) {
    await setPaid(services, page(id, false));
    const [newest] = await paymentHistory(services, id);
    const user = await undoPayment(services, { actor: admin, changeId: newest?.id ?? 0 });
    expect(user).toMatchObject({ isPaid: true, paidAt: paidAt.toISOString() });
  }
});

test("the day of payment comes back too after a change that was written by an earlier release", async () => {
  const { id } = await makeUser(services.db);
  const { paidAt } = await setPaid(services, page(id, true));
  await setPaid(services, page(id, false));
  await services.db.paymentChange.updateMany({ where: { userId: id }, data: { paidAtBefore: null } });
  const [newest] = await paymentHistory(services, id);
  expect(await undoPayment(services, { actor: admin, changeId: newest?.id ?? 0 })).toMatchObject({ paidAt });
});

test("only the newest change can be undone", async () => {
  const { id } = await makeUser(services.db);
  await setPaid(services, page(id, true));
  await setPaid(services, page(id, false));
  const [, older] = await paymentHistory(services, id);

  const undo = undoPayment(services, { actor: admin, changeId: older?.id ?? 0 });

  await expect(undo).rejects.toMatchObject({ code: "CONFLICT", details: { isPaid: false } });
  await expect(undoPayment(services, { actor: admin, changeId: 2_000_000 })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("many users are marked in chunks, and only those that change are counted and written", async () => {
  const users = await Promise.all(Array.from({ length: 120 }, () => makeUser(services.db)));
  const ids = users.map((user) => user.id);
  const [first = 0, second = 0] = ids;
  await setPaid(services, page(first, true));

  const result = await setPaidMany(services, { actor: admin, userIds: [...ids, second, 2_000_000], isPaid: true });

  expect(result).toEqual({ changed: 119 });
  expect(await written(first)).toEqual({ changes: 1, audits: 1, jobs: 1 });
  expect(await written(second)).toEqual({ changes: 1, audits: 1, jobs: 1 });
  expect(await services.db.user.count({ where: { id: { in: ids }, isPaid: true, paidAt: { not: null } } })).toBe(120);
});

test("bulk changes that overlap in opposite order do not deadlock", async () => {
  const users = await Promise.all(Array.from({ length: 40 }, () => makeUser(services.db)));
  const ids = users.map((user) => user.id);

  const results = await Promise.all([
    setPaidMany(services, { actor: admin, userIds: ids, isPaid: true }),
    setPaidMany(services, { actor: admin, userIds: ids.toReversed(), isPaid: true }),
  ]);

  expect(results.reduce((sum, { changed }) => sum + changed, 0)).toBe(40);
});

test("the history of one user comes in pages, newest first", async () => {
  const { id } = await makeUser(services.db);
  for (const isPaid of [true, false, true]) await setPaid(services, page(id, isPaid));

  const newest = await paymentHistory(services, id, { limit: 2 });
  const rest = await paymentHistory(services, id, { before: newest.at(-1)?.id });

  expect(newest.map((change) => change.isPaid)).toEqual([true, false]);
  expect(rest.map((change) => change.isPaid)).toEqual([true]);
});

test("an undoing is known as its actor's own until the payment is changed again", async () => {
  const { id } = await makeUser(services.db);
  await setPaid(services, page(id, true));
  const [change] = await paymentHistory(services, id);
  const changeId = change?.id ?? 0;
  const colleague = await makeAdmin(services.db);
  expect(await isUndoneBy(services, { actor: admin, changeId })).toBe(false);

  await undoPayment(services, { actor: admin, changeId });
  // The answer to it was lost: it is sent again.
  expect(await undoPayment(services, { actor: admin, changeId })).toMatchObject({ isPaid: false });
  await expect(undoPayment(services, { actor: colleague, changeId })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await paymentHistory(services, id)).toHaveLength(2);
  expect(await isUndoneBy(services, { actor: admin, changeId })).toBe(true);
  expect(await isUndoneBy(services, { actor: colleague, changeId })).toBe(false);

  await setPaid(services, page(id, true));
  expect(await isUndoneBy(services, { actor: admin, changeId })).toBe(false);
  await expect(undoPayment(services, { actor: admin, changeId })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await isUndoneBy(services, { actor: admin, changeId: 2_000_000_000 })).toBe(false);
});

test("a bulk change reminds in the order of ids, as events of the portal do, so that the two never deadlock", async () => {
  // With few people every query plan would return them in order.
  await database.pool.query(
    `insert into "User" (email, "firstName", phone)
     select 'crowd-' || n || '@example.com', 'Анна', '+7910' || lpad(n::text, 7, '0') from generate_series(0, 19999) n`,
  );
  await database.pool.query('analyze "User"');
  const crowd = await services.db.user.findMany({ where: { email: { startsWith: "crowd-" } }, select: { id: true } });
  const ids = crowd.map(({ id }) => id).filter((id) => id % 200 === 0);
  const reminded: number[] = [];
  const enqueueMany: Queue["enqueueMany"] = async (_tx, _name, userIds) => void reminded.push(...userIds);
  await setPaidMany(
    { ...services, queue: { ...services.queue, enqueueMany } },
    { actor: admin, userIds: ids.toReversed(), isPaid: true },
  );
  expect(reminded).toEqual(ids.toSorted((a, b) => a - b));
});

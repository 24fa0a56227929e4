import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import type { Queue } from "../queue/queue";
import { blocked, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { createTestQueue, type TestQueue } from "../test/queue";
import { everybody } from "../users/filter";
import { planBulk, setPaidBulk } from "./bulk";
import { setPaid } from "./payments";

let database: TestQueue;
let services: TestDatabase & { queue: Queue } & typeof noForms;
let actor: Actor;

beforeAll(async () => {
  database = await createTestQueue();
  const { queue } = database;
  services = { ...database, queue, ...noForms };
  actor = await makeAdmin(database.db);
});

afterAll(async () => {
  await database.drop();
});

async function makeCompany(domain: string, paid: boolean[]) {
  const people = [];
  for (const [index, isPaid] of paid.entries())
    people.push(
      await makeUser(database.db, { email: `${index}@${domain}`, isPaid, paidAt: isPaid ? new Date() : null }),
    );
  return { people, selection: { filter: { ...everybody, q: `@${domain}` } } };
}

test("the plan names who is selected and who would change; doing it changes exactly them", async () => {
  const { people, selection } = await makeCompany("plan.example", [true, false, false]);

  const plan = await planBulk(services, { selection, isPaid: true });
  expect(plan).toEqual({ selected: 3, changing: 2, upTo: people[2]?.id, seen: 0 });
  const done = await setPaidBulk(services, { actor, selection, isPaid: true, ...plan });

  expect(done).toEqual({ changed: 2, left: 0, kept: 0 });
  expect(await database.db.user.count({ where: { email: { endsWith: "@plan.example" }, isPaid: true } })).toBe(3);
  const ids = people.map(({ id }) => id);
  const written = { action: "payment.bulk", targetId: { in: ids } };
  expect(await database.db.auditEntry.count({ where: written })).toBe(2);
  const changes = { where: { userId: { in: ids } }, select: { origin: true } };
  expect(await database.db.paymentChange.findMany(changes)).toEqual([{ origin: "bulk" }, { origin: "bulk" }]);
});

test("who registers after the count was shown is not changed", async () => {
  const { selection } = await makeCompany("late.example", [false]);
  const { upTo, seen } = await planBulk(services, { selection, isPaid: true });
  const late = await makeUser(database.db, { email: "late@late.example" });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo, seen })).toEqual({
    changed: 1,
    left: 0,
    kept: 0,
  });
  expect(await database.db.user.findUnique({ where: { id: late.id } })).toMatchObject({ isPaid: false });
});

test("who is marked after the count was shown, by a colleague or the portal, keeps that and is counted", async () => {
  const { people, selection } = await makeCompany("meanwhile.example", [true, true, false, false]);
  const [, marked = 0, byColleague = 0, byPortal = 0] = people.map(({ id }) => id);
  await setPaid(services, { actor, userId: marked, isPaid: false, origin: "page" });
  await setPaid(services, { actor, userId: marked, isPaid: true, origin: "page" });
  const plan = await planBulk(services, { selection, isPaid: false });
  const colleague = await makeAdmin(database.db);
  await setPaid(services, { actor: colleague, userId: byColleague, isPaid: true, origin: "page" });
  await setPaid(services, {
    actor: { kind: "BITRIX24", id: null, role: "SYSTEM" },
    userId: byPortal,
    isPaid: true,
    origin: "portal",
  });

  const confirm = () => setPaidBulk(services, { actor, selection, isPaid: false, ...plan });
  expect(await confirm()).toEqual({ changed: 2, left: 0, kept: 2 });
  // Sent again, it is still as of that count.
  expect(await confirm()).toEqual({ changed: 0, left: 0, kept: 2 });
  const paid = await database.db.user.findMany({ where: { id: { in: people.map(({ id }) => id) }, isPaid: true } });
  expect(paid.map(({ id }) => id).sort((a, b) => a - b)).toEqual([byColleague, byPortal]);
});

test("a change that is being saved while a bulk change runs is waited for and kept", async () => {
  const { people, selection } = await makeCompany("at-once.example", [true, true]);
  const userId = people[0]?.id ?? 0;
  const plan = await planBulk(services, { selection, isPaid: false });
  const portal = await database.pool.connect();
  await portal.query("begin");
  await portal.query(`update "User" set "paidAt" = now() where "id" = $1`, [userId]);
  await portal.query(
    `insert into "PaymentChange" ("userId", "isPaid", "actorKind", "origin") values ($1, true, 'BITRIX24', 'portal')`,
    [userId],
  );
  const running = setPaidBulk(services, { actor, selection, isPaid: false, ...plan });
  await expect.poll(() => blocked(database)).toBe(1);
  await portal.query("commit");
  portal.release();

  expect(await running).toEqual({ changed: 1, left: 0, kept: 1 });
  expect(await database.db.user.findUnique({ where: { id: userId } })).toMatchObject({ isPaid: true });
});

test("only selected people are changed; unknown ids are ignored", async () => {
  const { people } = await makeCompany("ticked.example", [true, true]);
  const selection = { ids: [people[0]?.id ?? 0, 2_000_000_000] };

  const plan = await planBulk(services, { selection, isPaid: false });
  expect(plan).toMatchObject({ selected: 1, changing: 1 });
  expect(await setPaidBulk(services, { actor, selection, isPaid: false, ...plan })).toMatchObject({
    changed: 1,
  });
  expect(await database.db.user.findUnique({ where: { id: people[1]?.id ?? 0 } })).toMatchObject({ isPaid: true });
});

test("a ticked person who is erased meanwhile does not keep the change from being done", async () => {
  const { people } = await makeCompany("erased.example", [false, false]);
  const selection = { ids: people.map(({ id }) => id) };
  const { upTo, seen } = await planBulk(services, { selection, isPaid: true });
  await database.db.user.update({ where: { id: people[0]?.id ?? 0 }, data: { erasedAt: new Date() } });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo, seen })).toEqual({
    changed: 1,
    left: 0,
    kept: 0,
  });
  expect(await planBulk(services, { selection, isPaid: true })).toMatchObject({ selected: 1, changing: 0 });
});

test("what the time did not suffice for is said, and the next try goes on there", async () => {
  const { selection } = await makeCompany("slow.example", [false, false]);
  const { upTo, seen } = await planBulk(services, { selection, isPaid: true });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo, seen, budget: 0 })).toEqual({
    changed: 0,
    left: 2,
    kept: 0,
  });
  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo, seen })).toEqual({
    changed: 2,
    left: 0,
    kept: 0,
  });
});

test("a filter by day selects the people of that day in the installation's zone", async () => {
  const createdAt = new Date("2026-11-20T22:30:00Z");
  const { id } = await makeUser(database.db, { email: "1@zone.example", createdAt });
  const selection = { filter: { ...everybody, q: "@zone.example", from: "2026-11-21", to: "2026-11-21" } };
  const east = { ...services, env: parseEnv({ TIME_ZONE: "Asia/Vladivostok" }) };

  expect(await planBulk(services, { selection, isPaid: true })).toMatchObject({ selected: 0 });
  const { upTo, seen } = await planBulk(east, { selection, isPaid: true });
  expect(await setPaidBulk(east, { actor, selection, isPaid: true, upTo, seen })).toEqual({
    changed: 1,
    left: 0,
    kept: 0,
  });

  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true });
});

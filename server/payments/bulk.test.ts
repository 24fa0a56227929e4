import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import type { Queue } from "../queue/queue";
import type { TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { createTestQueue, type TestQueue } from "../test/queue";
import { everybody } from "../users/filter";
import { planBulk, setPaidBulk } from "./bulk";

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
  expect(plan).toEqual({ selected: 3, changing: 2, upTo: people[2]?.id });
  const done = await setPaidBulk(services, { actor, selection, isPaid: true, upTo: plan.upTo });

  expect(done).toEqual({ changed: 2, left: 0 });
  expect(await database.db.user.count({ where: { email: { endsWith: "@plan.example" }, isPaid: true } })).toBe(3);
  const ids = people.map(({ id }) => id);
  const written = { action: "payment.bulk", targetId: { in: ids } };
  expect(await database.db.auditEntry.count({ where: written })).toBe(2);
  const changes = { where: { userId: { in: ids } }, select: { origin: true } };
  expect(await database.db.paymentChange.findMany(changes)).toEqual([{ origin: "bulk" }, { origin: "bulk" }]);
});

test("who registers after the count was shown is not changed", async () => {
  const { selection } = await makeCompany("late.example", [false]);
  const { upTo } = await planBulk(services, { selection, isPaid: true });
  const late = await makeUser(database.db, { email: "late@late.example" });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo })).toEqual({ changed: 1, left: 0 });
  expect(await database.db.user.findUnique({ where: { id: late.id } })).toMatchObject({ isPaid: false });
});

test("only selected people are changed; unknown ids are ignored", async () => {
  const { people } = await makeCompany("ticked.example", [true, true]);
  const selection = { ids: [people[0]?.id ?? 0, 2_000_000_000] };

  const plan = await planBulk(services, { selection, isPaid: false });
  expect(plan).toMatchObject({ selected: 1, changing: 1 });
  expect(await setPaidBulk(services, { actor, selection, isPaid: false, upTo: plan.upTo })).toMatchObject({
    changed: 1,
  });
  expect(await database.db.user.findUnique({ where: { id: people[1]?.id ?? 0 } })).toMatchObject({ isPaid: true });
});

test("a ticked person who is erased meanwhile does not keep the change from being done", async () => {
  const { people } = await makeCompany("erased.example", [false, false]);
  const selection = { ids: people.map(({ id }) => id) };
  const { upTo } = await planBulk(services, { selection, isPaid: true });
  await database.db.user.update({ where: { id: people[0]?.id ?? 0 }, data: { erasedAt: new Date() } });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo })).toEqual({ changed: 1, left: 0 });
  expect(await planBulk(services, { selection, isPaid: true })).toMatchObject({ selected: 1, changing: 0 });
});

test("what the time did not suffice for is said, and the next try goes on there", async () => {
  const { selection } = await makeCompany("slow.example", [false, false]);
  const { upTo } = await planBulk(services, { selection, isPaid: true });

  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo, budget: 0 })).toEqual({
    changed: 0,
    left: 2,
  });
  expect(await setPaidBulk(services, { actor, selection, isPaid: true, upTo })).toEqual({ changed: 2, left: 0 });
});

test("a filter by day selects the people of that day in the installation's zone", async () => {
  const createdAt = new Date("2026-11-20T22:30:00Z");
  const { id } = await makeUser(database.db, { email: "1@zone.example", createdAt });
  const selection = { filter: { ...everybody, q: "@zone.example", from: "2026-11-21", to: "2026-11-21" } };
  const east = { ...services, env: parseEnv({ TIME_ZONE: "Asia/Vladivostok" }) };

  expect(await planBulk(services, { selection, isPaid: true })).toMatchObject({ selected: 0 });
  const { upTo } = await planBulk(east, { selection, isPaid: true });
  expect(await setPaidBulk(east, { actor, selection, isPaid: true, upTo })).toEqual({ changed: 1, left: 0 });

  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ isPaid: true });
});

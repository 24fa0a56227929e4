import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { createAdmin } from "../auth/admins";
import { elapsedMs } from "../platform/elapsed";
import type { TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { priorities, type Queue } from "./queue";
import { createDealForUser, resendMany } from "./resend";

let database: TestQueue;
let services: { db: TestDatabase["db"]; queue: Queue };
let actor: Actor;

beforeAll(async () => {
  database = await createTestQueue();
  const { queue } = database;
  services = { db: database.db, queue };
  actor = await makeAdmin(database.db);
});

afterAll(async () => {
  await database.drop();
});

const givenUp = {
  crmState: "FAILED" as const,
  crmAttempts: 12,
  crmError: "ERROR_CORE",
  crmNextAttemptAt: new Date("2026-11-22T10:00:00Z"),
};

const row = (id: number) => database.db.user.findUniqueOrThrow({ where: { id } });

async function job(userId: number): Promise<{ priority: number; due: boolean } | undefined> {
  const { rows } = await database.pool.query(
    "select priority, start_after <= now() as due from pgboss.job where name = 'crm-registration' and singleton_key = $1",
    [String(userId)],
  );
  return rows[0];
}

const audits = (targetId: number) => database.db.auditEntry.count({ where: { targetId, action: "crm.resend" } });

test("a registration that has arrived is answered at once and left alone", async () => {
  const { id } = await makeUser(services.db, { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 9 });

  const result = await createDealForUser(services, { actor, userId: id });

  expect(result).toEqual({ userId: id, bitrix24ContactId: 5, bitrix24DealId: 9, created: false });
  expect(await job(id)).toBeUndefined();
  expect(await audits(id)).toBe(0);
});

test("a failed registration that is resent is reset and goes before all others; what is known of the portal stays", async () => {
  const crmInFlightUntil = new Date("2026-11-22T11:00:00Z");
  const { id } = await makeUser(services.db, { ...givenUp, crmInFlightUntil, bitrix24ContactId: 5 });

  const result = await createDealForUser(services, { actor, userId: id, signal: AbortSignal.timeout(150) });

  expect(result).toEqual({ userId: id, crmState: "pending" });
  expect(await row(id)).toMatchObject({
    crmState: "PENDING",
    crmAttempts: 0,
    crmError: null,
    crmNextAttemptAt: null,
    crmInFlightUntil,
    bitrix24ContactId: 5,
  });
  expect(await job(id)).toEqual({ priority: priorities.resend, due: true });
  expect(await audits(id)).toBe(1);
});

test("the answer waits for the deal", async () => {
  const { id } = await makeUser(services.db);
  const result = createDealForUser(services, { actor, userId: id });
  await expect.poll(() => job(id)).toBeDefined();

  await services.db.user.update({
    where: { id },
    data: { crmState: "SYNCED", bitrix24ContactId: 6, bitrix24DealId: 10 },
  });

  expect(await result).toEqual({ userId: id, bitrix24ContactId: 6, bitrix24DealId: 10, created: true });
});

test("a registration that is held is answered at once, and is not sent", async () => {
  const { id } = await makeUser(services.db, { crmState: "HELD", holds: ["email"] });
  const startedAt = elapsedMs();

  expect(await createDealForUser(services, { actor, userId: id })).toEqual({ userId: id, crmState: "pending" });

  // As long as it waits for a deal.
  expect(elapsedMs() - startedAt).toBeLessThan(10_000);
  expect(await job(id)).toBeUndefined();
  expect(await audits(id)).toBe(0);
});

test("a pending registration keeps its attempts, and its waiting job is brought forward", async () => {
  const { id } = await makeUser(services.db, { crmAttempts: 3, crmError: "ERROR_CORE" });
  await services.queue.enqueue(services.db, "crm-registration", id, { startAfter: new Date(Date.now() + 3_600_000) });
  expect(await job(id)).toMatchObject({ due: false });

  await createDealForUser(services, { actor, userId: id, signal: AbortSignal.timeout(150) });

  expect(await row(id)).toMatchObject({ crmAttempts: 3, crmError: "ERROR_CORE" });
  expect(await job(id)).toEqual({ priority: priorities.resend, due: true });
});

test("a registration that fails permanently again while the request waits is a conflict with its reason", async () => {
  const { id } = await makeUser(services.db, givenUp);
  const result = createDealForUser(services, { actor, userId: id });
  const refused = expect(result).rejects.toMatchObject({
    code: "CONFLICT",
    details: { crmState: "failed", crmError: "ERROR_REQUIRED" },
  });
  await expect.poll(() => job(id)).toBeDefined();

  await services.db.user.update({ where: { id }, data: { crmState: "FAILED", crmError: "ERROR_REQUIRED" } });

  await refused;
});

test("an unknown user is not found", async () => {
  await expect(createDealForUser(services, { actor, userId: 2_000_000 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

const complete = { crmState: "SYNCED" as const, bitrix24ContactId: null, bitrix24DealId: null };

test("a person who was erased is not found, and is sent to the portal by nobody", async () => {
  const { id } = await makeUser(services.db, { ...complete, erasedAt: new Date(), attribution: { create: {} } });
  await expect(createDealForUser(services, { actor, userId: id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await resendMany(services, { actor, userIds: [id] })).toEqual({ resent: 0 });
  expect(await row(id)).toMatchObject({ crmState: "SYNCED" });
  expect(await job(id)).toBeUndefined();
  expect(await audits(id)).toBe(0);
});

test.each(["ADMIN", "USER"] as const)(
  "an administrator whom the operator made, %s now, becomes no deal",
  async (role) => {
    const email = `operator-${role}@example.com`.toLowerCase();
    await createAdmin(services, { email, password: "long enough for an administrator" });
    const { id } = await services.db.user.update({ where: { email }, data: { role } });
    await expect(createDealForUser(services, { actor, userId: id })).rejects.toMatchObject({
      code: "CONFLICT",
      details: { isRegistered: false },
    });
    expect(await resendMany(services, { actor, userIds: [id] })).toEqual({ resent: 0 });
    expect(await row(id)).toMatchObject({ crmState: "SYNCED" });
    expect(await job(id)).toBeUndefined();
  },
);

test("a registration that arrived on an earlier portal can be sent to the present one", async () => {
  const { id } = await makeUser(services.db, { ...complete, attribution: { create: {} } });
  expect(await resendMany(services, { actor, userIds: [id] })).toEqual({ resent: 1 });
  expect(await row(id)).toMatchObject({ crmState: "PENDING" });
  expect(await job(id)).toEqual({ priority: priorities.import, due: true });
});

const imported = { ...complete, crmSyncedAt: new Date("2026-11-22T10:00:00Z") };

test.each([
  ["", imported],
  [" with a password since", { ...imported, passwordHash: "set by mail" }],
  [" of whom no arrival is known", complete],
])(
  "an imported person%s, without tags, can be sent to the present portal, alone or with others",
  async (_name, data) => {
    const one = await makeUser(services.db, data);
    const signal = AbortSignal.timeout(150);
    const result = await createDealForUser(services, { actor, userId: one.id, signal });
    expect(result).toEqual({ userId: one.id, crmState: "pending" });
    expect(await job(one.id)).toEqual({ priority: priorities.resend, due: true });
    const many = await makeUser(services.db, data);
    expect(await resendMany(services, { actor, userIds: [many.id] })).toEqual({ resent: 1 });
    expect(await job(many.id)).toEqual({ priority: priorities.import, due: true });
  },
);

test("many are sent again behind live registrations; those that have arrived are skipped", async () => {
  const pending = await makeUser(services.db);
  const synced = await makeUser(services.db, { crmState: "SYNCED", bitrix24ContactId: 7, bitrix24DealId: 11 });

  const result = await resendMany(services, { actor, userIds: [pending.id, synced.id, 2_000_000] });

  expect(result).toEqual({ resent: 1 });
  expect(await job(pending.id)).toEqual({ priority: priorities.import, due: true });
  expect(await job(synced.id)).toBeUndefined();
});

test("all failed registrations are sent again, each once", async () => {
  const failed = await Promise.all([1, 2, 3].map(() => makeUser(services.db, givenUp)));

  const result = await resendMany(services, { actor, userIds: "allFailed" });

  expect(result.resent).toBeGreaterThanOrEqual(3);
  expect(await services.db.user.count({ where: { crmState: "FAILED" } })).toBe(0);
  for (const { id } of failed) expect(await audits(id)).toBe(1);
});

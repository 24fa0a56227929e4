import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { blocked } from "../test/database";
import { makeAdmin, makeUser, userOf } from "../test/factories";
import { applyRetention } from "../test/retention";
import { Retention } from "./retention";

let crm: CrmHarness;
beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

const with_ = (source: Record<string, string>) => ({
  ...crm.services,
  env: parseEnv({ NODE_ENV: "test", APP_URL: "https://site.example", ...source }),
});
/** Whose mail that asks for a confirmation went out at the registration. */
const asked = (days: number) => ({ createdAt: daysAgo(days), confirmationSentAt: daysAgo(days), passwordHash: "x" });
const asks = { EMAIL_CONFIRMATION: "optional" };
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test("by default nobody is erased unasked, only who has withdrawn the consent a month ago", async () => {
  const { db } = crm.services;
  const old = { createdAt: daysAgo(4_000), passwordHash: "x" };
  const quiet = await makeUser(db, old);
  const withdrawn = await makeUser(db, old);
  const consent = { kind: "registration", version: "2026-11-22", locale: "ru", givenAt: daysAgo(100) };
  await db.consent.create({ data: { userId: withdrawn.id, ...consent, withdrawnAt: daysAgo(31) } });
  const recent = await makeUser(db, old);
  await db.consent.create({ data: { userId: recent.id, ...consent, withdrawnAt: daysAgo(29) } });
  const again = await makeUser(db, old);
  await db.consent.create({ data: { userId: again.id, ...consent, withdrawnAt: daysAgo(60) } });
  await db.consent.create({ data: { userId: again.id, ...consent, givenAt: daysAgo(50) } });

  await applyRetention(with_({}));
  const erased = await db.user.findMany({ where: { erasedAt: { not: null } }, select: { id: true } });
  expect(erased.map(({ id }) => id)).toEqual([withdrawn.id]);
  expect((await userOf(crm, quiet.id)).erasedAt).toBeNull();
  expect(await db.erasure.findUnique({ where: { userId: withdrawn.id } })).toMatchObject({
    cause: "withdrawn",
    actorKind: "SYSTEM",
  });
});

test("with a time set, the unconfirmed and the unpaid go, and nobody who has paid, was imported, or administers", async () => {
  const { db } = crm.services;
  const old = asked(40);
  const admin = await makeAdmin(db);
  await db.user.update({ where: { id: admin.id }, data: old });
  const unconfirmed = await makeUser(db, old);
  const confirmed = await makeUser(db, { ...old, emailConfirmedAt: new Date() });
  const imported = await makeUser(db, { ...old, passwordHash: null });
  const paid = await makeUser(db, { ...old, isPaid: true, paidAt: new Date() });
  const paidOnce = await makeUser(db, old);
  await db.paymentChange.create({
    data: { userId: paidOnce.id, isPaid: false, actorKind: "SYSTEM", origin: "page" },
  });
  const ids = [unconfirmed, confirmed, imported, paid, paidOnce].map(({ id }) => id);
  const left = async () =>
    (await db.user.findMany({ where: { id: { in: ids }, erasedAt: null }, orderBy: { id: "asc" } })).map(
      ({ id }) => id,
    );

  await applyRetention(with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "30" }));
  expect(await left()).toEqual(ids.slice(1));
  await applyRetention(with_({ RETAIN_UNPAID_DAYS: "30" }));
  expect(await left()).toEqual([paid.id, paidOnce.id]);
  expect((await userOf(crm, admin.id)).erasedAt).toBeNull();
});

test("nobody is erased as unconfirmed whom no mail has asked to confirm, also after mails were switched on", async () => {
  const { db } = crm.services;
  const before = await makeUser(db, { createdAt: daysAgo(400), passwordHash: "x" });
  const lately = await makeUser(db, { createdAt: daysAgo(400), confirmationSentAt: daysAgo(29), passwordHash: "x" });
  const long = await makeUser(db, asked(31));
  const left = async () =>
    (await db.user.findMany({ where: { id: { in: [before.id, lately.id, long.id] }, erasedAt: null } })).length;
  // Of an environment that start refuses: the rule itself must not rely on that.
  const off = with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "30" });
  await applyRetention({ ...off, env: { ...off.env, EMAIL_CONFIRMATION: "off" } });
  expect(await left()).toBe(3);
  await applyRetention(off);
  expect([await left(), (await userOf(crm, long.id)).erasedAt]).toEqual([2, expect.any(Date)]);
});

test("who confirms the address while the unconfirmed are erased is not, and is not counted", async () => {
  const { db } = crm.services;
  const { id } = await makeUser(db, asked(400));
  const before = crm.lines.length;
  let retention: Promise<void> | undefined;
  await db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { emailConfirmedAt: new Date() } });
    retention = applyRetention(with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" }));
    await expect.poll(() => blocked(crm.services)).toBe(1);
  });
  await retention;
  expect((await userOf(crm, id)).erasedAt).toBeNull();
  expect(crm.lines.slice(before)).not.toContainEqual(expect.objectContaining({ cause: "unconfirmed" }));
});

test("one person who cannot be erased keeps nobody else from being erased, and is tried again", async () => {
  const { db } = crm.services;
  const old = asked(400);
  const [stuck, next] = [await makeUser(db, old), await makeUser(db, old)];
  const erasedAt = async ({ id }: { id: number }) => (await userOf(crm, id)).erasedAt;
  await db.$executeRawUnsafe(`
    create function refuse_one() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`);
  await db.$executeRawUnsafe(`
    create trigger refuse_one before insert on "Erasure" for each row when (new."userId" = ${stuck.id})
    execute function refuse_one()`);
  await applyRetention(with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" }));
  expect([await erasedAt(stuck), await erasedAt(next)]).toEqual([null, expect.any(Date)]);
  expect(crm.lines).toContainEqual(expect.objectContaining({ userId: stuck.id, cause: "unconfirmed", level: 50 }));

  await db.$executeRawUnsafe(`drop trigger refuse_one on "Erasure"`);
  await applyRetention(with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" }));
  expect(await erasedAt(stuck)).toBeInstanceOf(Date);
});

test("however many are due, a run erases them all, in steps between which the registrations have their turn", async () => {
  const { db } = crm.services;
  const many = { ...asked(400), firstName: "Many", phone: "" };
  await db.user.createMany({
    data: Array.from({ length: 105 }, (_, n) => ({ ...many, email: `many-${n}@example.com` })),
  });
  const left = () => db.user.count({ where: { firstName: "Many" } });
  const deps = with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" });
  const retention = new Retention(deps, async () => null, { stepMs: 0 });
  retention.begin();
  expect(await retention.step()).toBe(true);
  expect(await left()).toBeGreaterThan(0);
  while (await retention.step());
  expect(await left()).toBe(0);
  expect(crm.lines).toContainEqual(expect.objectContaining({ cause: "unconfirmed", erased: 105 }));
});

test("a question that comes up while people are erased by a period keeps the rest", async () => {
  const { db } = crm.services;
  const many = { ...asked(400), firstName: "Rest", phone: "" };
  await db.user.createMany({
    data: Array.from({ length: 15 }, (_, n) => ({ ...many, email: `rest-${n}@example.com` })),
  });
  let wait: string | null = null;
  const deps = with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" });
  const retention = new Retention(deps, async () => wait, { stepMs: 0 });
  retention.begin();
  await retention.step();
  wait = "question";
  while (await retention.step());
  expect(await db.user.count({ where: { firstName: "Rest" } })).toBe(5);
  await applyRetention(deps);
  expect(await db.user.count({ where: { firstName: "Rest" } })).toBe(0);
});

test("more people than a portion holds who cannot be erased keep nobody else from it", async () => {
  const { db } = crm.services;
  const old = { ...asked(400), firstName: "Stuck" };
  await db.user.createMany({
    data: Array.from({ length: 11 }, (_, n) => ({ ...old, email: `stuck-${n}@example.com`, phone: "" })),
  });
  const next = await makeUser(db, { ...old, firstName: "Next" });
  await db.$executeRawUnsafe(`
    create function refuse_stuck() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`);
  await db.$executeRawUnsafe(`
    create trigger refuse_stuck before insert on "Erasure" for each row when (new."userId" < ${next.id})
    execute function refuse_stuck()`);
  await applyRetention(with_({ ...asks, RETAIN_UNCONFIRMED_DAYS: "300" }));
  expect((await userOf(crm, next.id)).erasedAt).toBeInstanceOf(Date);
  await db.$executeRawUnsafe(`drop trigger refuse_stuck on "Erasure"`);
  await db.user.deleteMany({ where: { firstName: "Stuck" } });
});

test("the audit is kept for three years by default", async () => {
  const { db } = crm.services;
  await db.auditEntry.createMany({
    data: [daysAgo(1_096), daysAgo(1_094)].map((at) => ({ at, actorKind: "SYSTEM" as const, action: "crm.pause" })),
  });
  await applyRetention(with_({}));
  expect(await db.auditEntry.count({ where: { action: "crm.pause" } })).toBe(1);
  await applyRetention(with_({ RETAIN_AUDIT_DAYS: "0" }));
  expect(await db.auditEntry.count({ where: { action: "crm.pause" } })).toBe(1);
});

test("the audit goes on telling whose role of an administrator was taken away", async () => {
  const { db } = crm.services;
  const { id: targetId } = await makeUser(db);
  await db.auditEntry.createMany({
    data: ["ADMIN", "USER"].map((role) => ({
      at: daysAgo(1_096),
      actorKind: "SYSTEM" as const,
      action: "role.change",
      targetId,
      details: { role },
    })),
  });
  await applyRetention(with_({}));
  expect(await db.auditEntry.findMany({ where: { targetId } })).toMatchObject([{ details: { role: "USER" } }]);
});

import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { releaseHold } from "../confirmation/holds";
import { deletePortion } from "../database/old-rows";
import { type NewRegistration, registerUser } from "../registration/registration";
import { alertMails } from "../test/alerts";
import { blocked } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { proofOfWork } from "./challenge";
import { heldSince } from "./held";
import { discardHeld, holdNew, listHeld, releaseHeld } from "./review";
import { oldStamps } from "./stamps";
import { createSignUpWatch, isUnusual } from "./watch";
import { workBits } from "./work-bits";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({ RATE_LIMIT_REGISTER: "1", ALERT_EMAIL: "desk@example.com" });
});
beforeEach(async () => {
  services.mails.length = 0;
  await services.db.user.deleteMany();
  await services.db.signUps.update({ where: { id: 1 }, data: { heldSince: null, heldBy: null, alertedAt: null } });
});
afterAll(() => services.drop());

const register = (email: string, options: Partial<NewRegistration> = {}) =>
  registerUser(services, {
    input: {
      firstName: "Анна",
      email,
      phone: "+79161234567",
      password: "correct horse battery",
    } as NewRegistration["input"],
    utm: {} as NewRegistration["utm"],
    locale: "ru",
    ...options,
  });
const jobOf = async (id: number) =>
  (await services.pool.query("select 1 from pgboss.job where singleton_key = $1", [String(id)])).rowCount;

test("one form registers one person; sent twice it is the same registration, and a refused one is not spent", async () => {
  await register("first@example.com", { stamp: "one" });
  await expect(register("second@example.com", { stamp: "one" })).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(register("first@example.com", { stamp: "one" })).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  await expect(register("first@example.com", { stamp: "two" })).rejects.toMatchObject({ code: "EMAIL_TAKEN" });
  await register("third@example.com", { stamp: "two" });
  expect(await services.db.user.count()).toBe(2);
});

test("of one form sent by many at the same moment one registers", async () => {
  const all = Array.from({ length: 6 }, (_, n) => register(`racer-${n}@example.com`, { stamp: "raced" }));
  const outcomes = await Promise.allSettled(all);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await services.db.user.count()).toBe(1);
});

test("stamps are forgotten once they could not be sent any more", async () => {
  await services.db.formStamp.create({ data: { hash: "old", at: new Date(Date.now() - 13 * 3_600_000) } });
  await services.db.formStamp.create({ data: { hash: "young", at: new Date(Date.now() - 11 * 3_600_000) } });
  await deletePortion(services.db, oldStamps());
  const left = await services.db.formStamp.findMany({ where: { hash: { in: ["old", "young"] } } });
  expect(left.map(({ hash }) => hash)).toEqual(["young"]);
});

test("a held registration has no job until it is released, once", async () => {
  const actor = await makeAdmin(services.db);
  const { id } = await register("held@example.com", { review: true });
  expect(await jobOf(id)).toBe(0);
  expect(await listHeld(services)).toMatchObject({ total: 1, people: [{ id, email: "held@example.com" }] });

  const released = await Promise.all([1, 2].map(() => releaseHeld(services, { actor, userIds: [id] })));

  expect(released.sort()).toEqual([0, 1]);
  expect(await jobOf(id)).toBe(1);
  expect(await services.db.user.findUnique({ where: { id } })).toMatchObject({ crmState: "PENDING", holds: [] });
  expect(await services.db.auditEntry.count({ where: { action: "review.release", targetId: id } })).toBe(1);
});

test("who is held while the list is read does not make it contradict its number", async () => {
  const { id } = await register("listed@example.com", { review: true });
  const { db } = services;
  const busy = db.$extends({
    query: {
      user: {
        async count({ args, query }) {
          await register("meanwhile@example.com", { review: true });
          return query(args);
        },
      },
    },
  }) as unknown as typeof db;
  expect(await listHeld({ db: busy })).toMatchObject({ total: 1, people: [{ id }] });
});

test("discarded registrations are erased; others are left alone", async () => {
  const actor = await makeAdmin(services.db);
  const { id } = await register("spam@example.com", { review: true });
  const free = await register("free@example.com");
  expect(await discardHeld(services, { actor, userIds: [id, free.id] })).toBe(1);
  expect(await services.db.user.count({ where: { email: "spam@example.com" } })).toBe(0);
  expect(await services.db.user.count({ where: { email: "free@example.com" } })).toBe(1);
  expect(await listHeld(services)).toMatchObject({ total: 0 });
});

test("who has become an administrator is left alone, and those after them are discarded", async () => {
  const actor = await makeAdmin(services.db);
  const held = { crmState: "HELD" as const, holds: ["review"] };
  const administrator = await makeUser(services.db, { ...held, role: "ADMIN" });
  const { id } = await makeUser(services.db, held);
  expect(await discardHeld(services, { actor, userIds: [administrator.id, id] })).toBe(1);
  const left = await services.db.user.findMany({ where: { erasedAt: null, id: { in: [administrator.id, id] } } });
  expect(left.map(({ id }) => id)).toEqual([administrator.id]);
});

test("a registration that is released while others are discarded stays", async () => {
  const actor = await makeAdmin(services.db);
  const { id } = await register("released-meanwhile@example.com", { review: true });
  let discarding: Promise<number> | undefined;
  await services.db.$transaction(async (tx) => {
    await releaseHold(tx, services.queue, { userId: id, hold: "review" });
    discarding = discardHeld(services, { actor, userIds: [id] });
    await expect.poll(() => blocked(services)).toBe(1);
  });
  expect(await discarding).toBe(0);
  expect(await services.db.user.findUnique({ where: { id } })).toMatchObject({ crmState: "PENDING", erasedAt: null });
});

test("of two who discard the same registration at the same moment one is told so", async () => {
  const actor = await makeAdmin(services.db);
  const { id } = await register("spam-twice@example.com", { review: true });
  const discarded = await Promise.all([1, 2].map(() => discardHeld(services, { actor, userIds: [id] })));
  expect(discarded.sort()).toEqual([0, 1]);
});

test("a held address is shown as people write it", async () => {
  await register("ivan@xn--80a1acny.xn--p1ai", { review: true });
  expect(await listHeld(services)).toMatchObject({ people: [{ email: "ivan@почта.рф" }] });
});

test("the switch is audited once for each turn", async () => {
  const actor = await makeAdmin(services.db);
  for (const hold of [true, true, false, false]) await holdNew(services, { actor, hold });
  const entries = await services.db.auditEntry.findMany({ where: { actorId: actor.id }, orderBy: { id: "asc" } });
  expect(entries.map(({ action }) => action)).toEqual(["review.start", "review.end"]);
  expect(await heldSince(services)).toBeNull();
});

const numbers: [recent: number, usual: number, perMinute: number, unusual: boolean][] = [
  [240, 1, 20, false],
  [241, 1, 20, true],
  [1_000, 300, 20, false],
  [10_000, 1, 0, false],
];
for (const [recent, usual, perMinute, unusual] of numbers) {
  test(`${recent} registrations where ${usual} are usual and ${perMinute} a minute allowed are ${unusual ? "" : "not "}unusual`, () => {
    expect(isUnusual(recent, usual, perMinute)).toBe(unusual);
  });
}

test("unusual numbers are told once by all processes together, and imported people are none", async () => {
  const people = (passwordHash: string | null) =>
    Promise.all(Array.from({ length: 13 }, () => makeUser(services.db, { passwordHash })));
  await people(null);
  expect(await createSignUpWatch(services).state()).toEqual({ held: false, unusual: false });
  await people("hash");
  const states = await Promise.all([1, 2].map(() => createSignUpWatch(services).state()));
  expect(states).toEqual(Array(2).fill({ held: false, unusual: true }));
  expect(await alertMails({ services, mails: services.mails })).toMatchObject([
    { to: "desk@example.com", subject: "Registrations: 13 within 10 minutes" },
  ]);
});

test("the work for a form is known by its outcome, and counts for that form only", () => {
  let solution = 0;
  const isZero = (stamp: string, number: number) =>
    createHash("sha256").update(`${stamp}:${number}`).digest().readUInt32BE(0) >>> (32 - workBits) === 0;
  while (!isZero("a-stamp", solution)) solution += 1;
  expect(proofOfWork.isSolved("a-stamp", String(solution))).toBe(true);
  for (const [stamp, given] of [
    ["other-stamp", String(solution)],
    ["a-stamp", ""],
    ["a-stamp", "-1"],
    ["a-stamp", "9".repeat(13)],
  ])
    expect(proofOfWork.isSolved(stamp ?? "", given ?? "")).toBe(false);
});

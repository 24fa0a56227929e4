import { afterAll, beforeAll, expect, test } from "vitest";
import { startSession } from "../auth/auth";
import { readSecondFactor } from "../auth/second-factor/second-factor";
import { listSessions } from "../auth/sessions";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { sessionCookieOf } from "../test/sign-in";
import { readAccount } from "./account";
import { getShownUser } from "./users";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices({ SESSION_SECRET: "s".repeat(32) });
});
afterAll(() => services.drop());

const hour = 3_600_000;

test("the own page reads by one statement what its parts read each by its own", async () => {
  const { db } = services;
  const { id } = await makeUser(db, {
    email: "anna@xn--e1afmkfd.example",
    company: "Рога и копыта",
    paidAt: new Date(1_790_000_000_000),
    isPaid: true,
    holds: ["email", "review"],
    attribution: { create: { first: { utm_source: "vk" }, last: { utm_source: "ya", utm_term: "кот'ы" } } },
    signIns: { create: [{ address: "203.0.113.1" }, { userAgent: "Firefox", at: new Date(Date.now() - hour) }] },
    secondFactor: { create: { secret: "sealed", lastStep: 1 } },
  });
  for (const action of ["session.refused", "factor.refused", "user.correct"])
    await db.auditEntry.create({ data: { actorKind: "SYSTEM", action, targetId: id, details: { count: 3 } } });
  await startSession(services, id, "Safari");
  const cookie = await sessionCookieOf(services, id);
  await db.session.updateMany({
    where: { userId: id, userAgent: "Safari" },
    data: { lastSeenAt: new Date(Date.now() - hour) },
  });

  const account = await readAccount(services, { id }, cookie);

  expect(account?.signIns).toHaveLength(4);
  expect(account?.sessions.map(({ current }) => current)).toEqual([true, false]);
  expect(account).toEqual({
    user: await getShownUser(services, id),
    isCharged: false,
    nextEmail: null,
    sessions: await listSessions(services, id, cookie),
    signIns: expect.arrayContaining([
      { kind: "refused", at: expect.any(String), count: 3 },
      { kind: "code_refused", at: expect.any(String), count: 3 },
      { kind: "started", at: expect.any(String), userAgent: null, address: "203.0.113.1" },
      { kind: "started", at: expect.any(String), userAgent: "Firefox", address: null },
    ]),
    hasFactor: (await readSecondFactor(services, id)) !== null,
  });
});

test("a person of whom nothing else is known has a page, an erased one has none", async () => {
  const { id } = await makeUser(services.db);
  expect(await readAccount(services, { id }, null)).toEqual({
    user: await getShownUser(services, id),
    isCharged: false,
    nextEmail: null,
    sessions: [],
    signIns: [],
    hasFactor: false,
  });
  await services.db.user.update({ where: { id }, data: { erasedAt: new Date() } });
  expect(await readAccount(services, { id }, null)).toBeNull();
  expect(await readAccount(services, { id: 2_147_483_647 }, null)).toBeNull();
});

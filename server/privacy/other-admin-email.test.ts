import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser, userOf } from "../test/factories";
import { newSessionOf } from "../test/sign-in";
import { requestEmailChange } from "./change-details";

let crm: CrmHarness;
let count = 0;
beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

test("one administrator cannot change the address of another, whose account they would take over by it", async () => {
  const { db } = crm.services;
  const [admin, other] = [await makeAdmin(db), await makeAdmin(db)];
  const person = await makeUser(crm.services.db);
  const sessionId = await newSessionOf(crm.services, admin.id);
  const noMail = {
    ...crm.services,
    env: { ...crm.services.env, NODE_ENV: "production" as const, SMTP_URL: undefined },
  };
  const before = await userOf(crm, other.id);
  const ownChange = await newSessionOf(crm.services, other.id);
  const asks = { actor: other, userId: other.id, email: `own-${++count}@example.com`, sessionId: ownChange };
  expect(await requestEmailChange(crm.services, asks)).toBe("asked");
  const keep = { actor: admin, userId: other.id, email: before.email, sessionId };
  await expect(requestEmailChange(crm.services, keep)).rejects.toMatchObject({ code: "CONFLICT" });
  for (const services of [crm.services, noMail]) {
    const ask = (userId: number) =>
      requestEmailChange(services, { actor: admin, userId, email: `taken-over-${++count}@example.com`, sessionId });
    await expect(ask(other.id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(["asked", "changed"]).toContain(await ask(person.id));
  }
  const own = { actor: admin, userId: admin.id, email: `own-${++count}@example.com`, sessionId };
  expect(await requestEmailChange(crm.services, own)).toBe("asked");
  expect(await userOf(crm, other.id)).toEqual(before);
  // What the other administrator has asked for themselves stays, and nothing was counted against them.
  expect(await db.emailConfirmation.findMany({ where: { userId: other.id } })).toMatchObject([{ email: asks.email }]);
  const { email: taken } = await makeUser(crm.services.db);
  for (let times = 0; times < 2; times++)
    expect(await requestEmailChange(crm.services, { ...asks, email: taken })).toBe("taken");
});

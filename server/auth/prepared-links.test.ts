import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmByLink } from "../confirmation/confirm";
import { makeConfirmation, type Purpose } from "../confirmation/confirmation";
import { resendConfirmation } from "../confirmation/resend";
import { lockPerson } from "../database/lock-person";
import { requestEmailChange } from "../privacy/change-details";
import { takeBack } from "../privacy/take-back";
import { codeOf } from "../test/authenticator";
import { blocked } from "../test/database";
import { makeAdmin, makeUser, userOf } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { newSessionOf, sessionCookieOf, signInAs } from "../test/sign-in";
import { createAdmin } from "./admins";
import { changePassword } from "./own-password";
import { hashPassword, verifyPassword } from "./password";
import { requestPasswordReset, resetAccount, resetPassword } from "./password-reset";
import { enableSecondFactor, newEnrolment } from "./second-factor/enrolment";
import { resetSecondFactor } from "./second-factor/second-factor";
import { sessionIdOf } from "./session-cookie";
import { endAllSessions, endSession, endSessionsOf } from "./sessions";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({ APP_URL: "https://site.example", SESSION_SECRET: "s".repeat(32) });
});
afterAll(() => services.drop());

const [old, fresh] = ["seven-rivers-and-1-hill", "nine-lakes-and-2-woods"];
const refused = { code: "UNAUTHORIZED" };
const personWith = async (password: string) => makeUser(services.db, { passwordHash: await hashPassword(password) });

const linkFor = async (userId: number, purpose: Purpose, email: string) =>
  (await services.db.$transaction((tx) => makeConfirmation(tx, services.env, { userId, email, purpose }))).token;

async function resetLinkFor(email: string): Promise<string> {
  const mailed = () => services.mails.filter((mail) => mail.to === email);
  const before = mailed().length;
  await requestPasswordReset(services, { email, words: (link) => ({ subject: "", text: link }) });
  await expect.poll(() => mailed().length).toBe(before + 1);
  return mailed().at(-1)?.text.split("/").at(-1) ?? "";
}

test("no link that a stranger asked for outlives the promotion of their registration", async () => {
  const { id, email } = await personWith(old);
  const change = await linkFor(id, "change", "stranger@example.com");
  const confirm = await linkFor(id, "confirm", email);
  const reset = await resetLinkFor(email);

  expect(await createAdmin(services, { email, password: fresh })).toBe("promoted");

  expect(await confirmByLink(services, change)).toBe("dead");
  expect(await confirmByLink(services, confirm)).toBe("dead");
  expect(await resetPassword(services, { token: reset, password: "another-new-3-hills" })).toBeNull();
  expect(await userOf({ services }, id)).toMatchObject({ email, role: "ADMIN" });
});

for (const holds of [["email"], ["review"], ["email", "review"]])
  test(`a registration held for ${holds.join(" and ")} goes on its way once the operator vouches for its person`, async () => {
    const { id, email } = await makeUser(services.db, { crmState: "HELD", holds });
    await createAdmin(services, { email, password: fresh });
    expect(await userOf({ services }, id)).toMatchObject({
      crmState: "PENDING",
      holds: [],
      emailConfirmedAt: expect.any(Date),
    });
  });

test("a withdrawn consent keeps the registration of a later administrator from the CRM", async () => {
  const { id, email } = await makeUser(services.db, { crmState: "HELD", holds: ["email", "consent"] });
  await createAdmin(services, { email, password: fresh });
  expect(await userOf({ services }, id)).toMatchObject({ crmState: "HELD", holds: ["consent"] });
});

type Person = Awaited<ReturnType<typeof makeUser>>;
const endings: [name: string, end: (person: Person) => Promise<unknown>][] = [
  [
    "the owner's new password",
    ({ id }) =>
      changePassword(services, {
        actor: { kind: "USER", id, role: "USER" },
        current: old,
        next: fresh,
        cookieHeader: null,
      }),
  ],
  [
    "the end of all sessions",
    ({ id }) => endAllSessions(services, { actor: { kind: "USER", id, role: "USER" }, userId: id }),
  ],
  [
    "the end of one other session",
    async ({ id }) => {
      const sessionId = (await newSessionOf(services, id)) ?? "";
      await endSession(services, { userId: id, sessionId, cookieHeader: null });
    },
  ],
  [
    "a second factor that is switched on",
    async ({ id }) => {
      await services.db.user.update({ where: { id }, data: { role: "ADMIN" } });
      const { secret, sealed } = await newEnrolment(services, id, "Site");
      await enableSecondFactor(services, { userId: id, sealed, code: codeOf(secret), userAgent: null });
    },
  ],
  [
    "a second factor that the operator removes",
    async ({ id, email }) => {
      await services.db.secondFactor.create({ data: { userId: id, secret: "sealed", lastStep: 0 } });
      expect(await resetSecondFactor(services, email)).toBe("reset");
    },
  ],
];

for (const [name, end] of endings)
  test(`${name} ends a change of address that was asked for, and leaves the link of the registration`, async () => {
    const person = await personWith(old);
    const change = await linkFor(person.id, "change", `next-${person.email}`);
    const confirm = await linkFor(person.id, "confirm", person.email);
    await end(person);
    expect(await confirmByLink(services, change)).toBe("dead");
    expect(await confirmByLink(services, confirm)).toBe("confirmed");
    expect((await userOf({ services }, person.id)).email).toBe(person.email);
  });

for (const [name, end] of endings)
  test(`${name} ends a change of address that is asked for at the same moment`, async () => {
    const person = await personWith(old);
    let ending: Promise<unknown> | undefined;
    const change = await services.db.$transaction(async (tx) => {
      const to = { userId: person.id, email: `next-${person.email}`, purpose: "change" } as const;
      const { token } = await makeConfirmation(tx, services.env, to);
      ending = end(person);
      await expect.poll(() => blocked(services)).toBe(1);
      return token;
    });
    await ending;
    expect(await confirmByLink(services, change)).toBe("dead");
  });

test("a session that ends itself leaves the change of address that its person has asked for", async () => {
  const { id, email } = await personWith(old);
  const change = await linkFor(id, "change", `next-${email}`);
  const cookieHeader = await sessionCookieOf(services, id);
  const sessionId = sessionIdOf(services.env, cookieHeader) ?? "";
  await endSession(services, { userId: id, sessionId, cookieHeader });
  expect(await services.db.session.count({ where: { userId: id } })).toBe(0);
  expect(await confirmByLink(services, change)).toBe("confirmed");
});

test("a session asks for no change of address once all sessions have ended, and keeps nobody from ending them", async () => {
  const { id, email } = await personWith(old);
  await linkFor(id, "change", `first-${email}`);
  const asked = { actor: { kind: "USER", id, role: "USER" } as const, userId: id, email: `next-${email}` };
  const sessionId = await newSessionOf(services, id);
  let asking: Promise<unknown> | undefined;
  await services.db.$transaction(async (tx) => {
    await lockPerson(tx, id);
    asking = requestEmailChange(services, { ...asked, sessionId }).catch((error: unknown) => error);
    await expect.poll(() => blocked(services)).toBe(1);
    await endSessionsOf(tx, id);
  });
  expect(await asking).toMatchObject(refused);
  expect(await services.db.emailConfirmation.count({ where: { userId: id } })).toBe(0);
});

test("a link that is asked for while its person is erased is not made, and keeps nobody from erasing them", async () => {
  const { id, email } = await personWith(old);
  await linkFor(id, "confirm", email);
  let asking: Promise<unknown> | undefined;
  await services.db.$transaction(async (tx) => {
    await tx.$executeRaw`select 1 from "User" where id = ${id} for update`;
    asking = resendConfirmation(services, id);
    await expect.poll(() => blocked(services)).toBe(1);
    await tx.emailConfirmation.deleteMany({ where: { userId: id } });
    await tx.user.update({ where: { id }, data: { email: `erased-${id}@erased.invalid`, erasedAt: new Date() } });
  });
  await asking;
  expect(await services.db.emailConfirmation.count({ where: { userId: id } })).toBe(0);
});

const changes: [name: string, change: (person: Person, to: string) => Promise<unknown>, outcome: string][] = [
  ["is confirmed", async ({ id }, to) => confirmByLink(services, await linkFor(id, "change", to)), "confirmed"],
  [
    "is set by an administrator where no mail can be sent",
    async ({ id }, to) => {
      const env = { ...services.env, NODE_ENV: "production" as const, SMTP_URL: undefined };
      const actor = await makeAdmin(services.db);
      const sessionId = await newSessionOf(services, actor.id);
      return requestEmailChange({ ...services, env }, { actor, userId: id, email: to, sessionId });
    },
    "changed",
  ],
];

for (const [name, change, outcome] of changes)
  test(`once a new address ${name}, no link in the former mailbox works`, async () => {
    const person = await personWith(old);
    const reset = await resetLinkFor(person.email);
    const confirm = await linkFor(person.id, "confirm", person.email);

    expect(await change(person, `next-${person.email}`)).toBe(outcome);

    expect(await resetAccount(services, reset)).toBeNull();
    expect(await resetPassword(services, { token: reset, password: fresh })).toBeNull();
    for (const kind of ["reset", "confirm"] as const)
      expect(await takeBack(services, { kind, token: kind === "reset" ? reset : confirm })).toBeNull();
    expect(await confirmByLink(services, confirm)).toBe("dead");
    const { passwordHash } = await userOf({ services }, person.id);
    expect(await verifyPassword(passwordHash, old)).toBe(true);
  });

test("a link that proves an address which is no longer the person's confirms nothing", async () => {
  const { id, email } = await makeUser(services.db);
  const token = await linkFor(id, "confirm", email);
  await services.db.user.update({ where: { id }, data: { email: `corrected-${email}` } });
  expect(await confirmByLink(services, token)).toBe("dead");
  expect(await userOf({ services }, id)).toMatchObject({ emailConfirmedAt: null });
});

test("a sign-in with the old password that is under way while a new one is set opens no session", async () => {
  const { id, email } = await personWith(old);
  const meanwhile = async () => {
    await createAdmin(services, { email, password: fresh });
    return null;
  };
  await expect(signInAs(services, email, old, { limit: meanwhile })).rejects.toMatchObject(refused);
  expect(await services.db.session.count({ where: { userId: id } })).toBe(0);
});

test("a sign-in without a code that is under way while a second factor is switched on opens no session", async () => {
  const { id, email } = await personWith(old);
  const meanwhile = async () => {
    await services.db.secondFactor.create({ data: { userId: id, secret: "sealed", lastStep: 0 } });
    return null;
  };
  await expect(signInAs(services, email, old, { limit: meanwhile })).rejects.toMatchObject(refused);
  expect(await services.db.session.count({ where: { userId: id } })).toBe(0);
});

test("a stranger's change of password that is under way does not replace the administrator's", async () => {
  const { id } = await personWith(old);
  const administrators = await hashPassword(fresh);
  const change = () =>
    changePassword(services, {
      actor: { kind: "USER", id, role: "USER" },
      current: old,
      next: "another-new-3-hills",
      cookieHeader: null,
    });
  let outcome: Promise<unknown> | undefined;
  await services.db.$transaction(async (tx) => {
    await tx.user.update({ where: { id }, data: { passwordHash: administrators, role: "ADMIN" } });
    outcome = change().then(
      () => "changed",
      (error: unknown) => error,
    );
    await expect.poll(() => blocked(services)).toBe(1);
  });
  expect(await outcome).toMatchObject(refused);
  expect((await userOf({ services }, id)).passwordHash).toBe(administrators);
});

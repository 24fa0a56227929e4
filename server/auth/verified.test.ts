import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "../test/authenticator";
import { blocked } from "../test/database";
import { makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { cookiesOf, fromSomewhere, sessionCookieOf, signInAs } from "../test/sign-in";
import { createAdmin } from "./admins";
import { createApiToken } from "./api-tokens";
import { confirmPassword, isConfirmed } from "./confirm-password";
import { changePassword } from "./own-password";
import { hashPassword, verifyPassword } from "./password";
import { requestPasswordReset, resetPassword } from "./password-reset";
import { enableSecondFactor, newEnrolment } from "./second-factor/enrolment";
import { disableSecondFactor, renewRecoveryCodes, resetSecondFactor } from "./second-factor/second-factor";
import { signInWithCode } from "./second-factor/sign-in-code";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices({ APP_URL: "https://site.example", SESSION_SECRET: "s".repeat(32) });
});
afterAll(() => services.drop());

const [old, fresh] = ["seven-rivers-and-1-hill", "nine-lakes-and-2-woods"];
const refused = { code: "UNAUTHORIZED" };

/** A person with everything that a change of password or second factor removes. */
async function person(role: "USER" | "ADMIN" = "USER") {
  const { id, email } = await makeUser(services.db, { role, passwordHash: await hashPassword(old) });
  const actor = { kind: "USER", id, role } as const;
  await createApiToken(services, { actor, name: "Program" });
  await services.db.recoveryCode.create({ data: { userId: id, hash: "none" } });
  await requestPasswordReset(services, { email, words: (link) => ({ subject: "", text: link }) });
  const mailed = () =>
    services.mails
      .find(({ to }) => to === email)
      ?.text.split("/")
      .at(-1) ?? "";
  await expect.poll(mailed).not.toBe("");
  const sessions = () => services.db.session.count({ where: { userId: id } });
  return { id, email, actor, token: mailed(), sessions };
}

async function enrolled() {
  const admin = await person("ADMIN");
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  await enableSecondFactor(services, { userId: admin.id, sealed, code: codeOf(secret), userAgent: null });
  await services.db.session.deleteMany({ where: { userId: admin.id } });
  await services.db.secondFactor.update({ where: { userId: admin.id }, data: { lastStep: 0 } });
  return { ...admin, secret };
}

/** Until the work waits for a lock behind so many others, or has ended without that. */
async function halfway(work: Promise<unknown>, others = 0): Promise<void> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  work.then(end, end);
  await expect.poll(async () => ended || (await blocked(services)) > others).toBe(true);
}

/** Runs `meanwhile` while a transaction of the test holds the rows of a person; what it has begun is completed after. */
async function holding(statement: string, id: number, meanwhile: () => Promise<unknown>): Promise<void> {
  const client = await services.pool.connect();
  try {
    await client.query("begin");
    await client.query(`${statement} for update`, [id]);
    await meanwhile();
  } finally {
    await client.query("rollback");
    client.release();
  }
}

/** Stops a change before it removes the held row, and lets `begun` run as far as it comes; then both are completed. */
async function during<T>(
  change: () => Promise<unknown>,
  { id, held }: { id: number; held: "ApiToken" | "PasswordReset" | "RecoveryCode" },
  begun: () => Promise<T>,
): Promise<PromiseSettledResult<T>> {
  const works: [Promise<T>?, Promise<unknown>?] = [];
  await holding(`select id from "${held}" where "userId" = $1`, id, async () => {
    works[1] = change();
    await halfway(works[1]);
    works[0] = begun();
    await halfway(works[0], 1);
  });
  await works[1];
  const [outcome] = await Promise.allSettled([works[0] as Promise<T>]);
  return outcome;
}

/** How each change is stopped after it has ended the sessions of the person, or just before. */
type Person = Awaited<ReturnType<typeof person>>;
const changes = {
  promotion: { held: "ApiToken", run: ({ email }: Person) => createAdmin(services, { email, password: fresh }) },
  reset: { held: "ApiToken", run: ({ token }: Person) => resetPassword(services, { token, password: fresh }) },
  "change of the password": {
    held: "PasswordReset",
    run: ({ actor }: Person) => changePassword(services, { actor, current: old, next: fresh, cookieHeader: null }),
  },
} as const;

for (const [name, { held, run }] of Object.entries(changes)) {
  test(`a sign-in with the old password that ${name} overtakes opens no session`, async () => {
    const known = await person();
    const signingIn = await during(
      () => run(known),
      { id: known.id, held },
      () => signInAs(services, known.email, old),
    );
    expect(signingIn).toMatchObject({ status: "rejected", reason: refused });
    expect(await known.sessions()).toBe(0);
    expect(await services.db.signIn.count({ where: { userId: known.id } })).toBe(0);
    expect(await signInAs(services, known.email, fresh)).toHaveLength(2);
  });
}

test("a sign-in without a code that the second factor overtakes opens no session", async () => {
  const admin = await person("ADMIN");
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  const form = { userId: admin.id, sealed, code: codeOf(secret), userAgent: null };
  const signingIn = await during(
    () => enableSecondFactor(services, form),
    { id: admin.id, held: "RecoveryCode" },
    () => signInAs(services, admin.email, old),
  );
  expect(signingIn).toMatchObject({ status: "rejected", reason: refused });
  expect(await admin.sessions()).toBe(1);
});

test("a sign-in with a code leaves no session that outlives the reset of the second factor", async () => {
  const admin = await enrolled();
  const waiting = cookiesOf(await signInAs(services, admin.email, old));
  const works: Promise<unknown>[] = [];
  await holding(`select id from "User" where id = $1`, admin.id, async () => {
    works.push(signInWithCode(services, { ...fromSomewhere, cookieHeader: waiting, code: codeOf(admin.secret) }));
    await halfway(works[0] as Promise<unknown>);
    works.push(resetSecondFactor(services, admin.email));
    await halfway(works[1] as Promise<unknown>, 1);
  });
  expect((await Promise.all(works))[1]).toBe("reset");
  expect(await admin.sessions()).toBe(0);
});

test("what waits for a code ends with the second factor whose code it waits for", async () => {
  const admin = await enrolled();
  const waiting = cookiesOf(await signInAs(services, admin.email, old));
  await resetSecondFactor(services, admin.email);
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  await enableSecondFactor(services, { userId: admin.id, sealed, code: codeOf(secret), userAgent: null });
  const next = codeOf(secret, 1);
  expect(await signInWithCode(services, { ...fromSomewhere, cookieHeader: waiting, code: next })).toBeNull();
  expect(await admin.sessions()).toBe(1);
});

test("an old password given again does not count once the password is changed", async () => {
  const known = await person();
  const cookieHeader = await sessionCookieOf(services, known.id);
  await services.db.session.updateMany({ where: { userId: known.id }, data: { confirmedAt: new Date(0) } });
  const confirming = await during(
    () => changePassword(services, { actor: known.actor, current: old, next: fresh, cookieHeader }),
    { id: known.id, held: "PasswordReset" },
    () => confirmPassword(services, { userId: known.id, password: old, cookieHeader }),
  );
  expect(confirming).toMatchObject({ status: "rejected", reason: refused });
  expect(await isConfirmed(services, cookieHeader)).toBe(false);
});

test("a change of the password that a reset overtakes leaves the password of the reset", async () => {
  const known = await person();
  const changing = await during(
    () => changes.reset.run(known),
    { id: known.id, held: "ApiToken" },
    () =>
      changePassword(services, { actor: known.actor, current: old, next: "an intruder's phrase", cookieHeader: null }),
  );
  expect(changing).toMatchObject({ status: "rejected", reason: refused });
  const { passwordHash } = await services.db.user.findUniqueOrThrow({ where: { id: known.id } });
  expect(await verifyPassword(passwordHash, fresh)).toBe(true);
});

const ofTheFactor = { "switched off": disableSecondFactor, "given new recovery codes": renewRecoveryCodes };
for (const [name, act] of Object.entries(ofTheFactor)) {
  test(`the second factor is not ${name} by a password that a reset overtakes`, async () => {
    const admin = await enrolled();
    const hashes = () => services.db.recoveryCode.findMany({ where: { userId: admin.id }, orderBy: { id: "asc" } });
    const before = await hashes();
    const acting = await during<unknown>(
      () => changes.reset.run(admin),
      { id: admin.id, held: "ApiToken" },
      () => act(services, { actor: admin.actor, password: old, code: codeOf(admin.secret), userAgent: null }),
    );
    expect(acting).toMatchObject({ status: "rejected", reason: refused });
    expect(await hashes()).toEqual(before);
    expect(await admin.sessions()).toBe(0);
  });
}

test("the second factor is not set up by a form that was opened before a reset", async () => {
  const admin = await person("ADMIN");
  const { secret, sealed } = await newEnrolment(services, admin.id, "Front Desk");
  const form = { userId: admin.id, sealed, code: codeOf(secret), userAgent: null };
  const enabling = await during(
    () => changes.reset.run(admin),
    { id: admin.id, held: "ApiToken" },
    () => enableSecondFactor(services, form),
  );
  expect(enabling).toMatchObject({ status: "rejected", reason: { code: "INVALID" } });
  await expect(enableSecondFactor(services, form)).rejects.toMatchObject({ code: "INVALID" });
  expect(await admin.sessions()).toBe(0);
});

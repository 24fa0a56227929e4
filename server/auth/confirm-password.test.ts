import { afterAll, beforeAll, expect, test } from "vitest";
import { type Env, parseEnv } from "../platform/env";
import { createLog, type Logger } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { sessionCookieOf, signInAs } from "../test/sign-in";
import { assertOwnPassword, confirmPassword, isConfirmed } from "./confirm-password";
import { hashPassword } from "./password";

let database: TestDatabase;
let services: { db: TestDatabase["db"]; env: Env; log: Logger };

beforeAll(async () => {
  database = await createTestDatabase();
  services = { db: database.db, env: parseEnv({ RATE_LIMIT_LOGIN: "3" }), log: createLog("silent") };
});
afterAll(() => database.drop());

/** A person whose password was given so many minutes ago. */
async function signedIn(minutesAgo: number) {
  const { id: userId } = await makeUser(services.db, { passwordHash: await hashPassword("right password") });
  const cookieHeader = await sessionCookieOf(services, userId);
  const confirmedAt = new Date(Date.now() - minutesAgo * 60_000);
  await services.db.session.updateMany({ where: { userId }, data: { confirmedAt } });
  return { userId, cookieHeader };
}

test("the password counts for ten minutes after signing in", async () => {
  const [fresh, old] = [await signedIn(9), await signedIn(11)];
  expect(await isConfirmed(services, fresh.cookieHeader)).toBe(true);
  expect(await isConfirmed(services, old.cookieHeader)).toBe(false);
  expect(await isConfirmed(services, null)).toBe(false);
});

test("giving it again opens another ten minutes, in this session only", async () => {
  const here = await signedIn(60);
  const there = await sessionCookieOf(services, here.userId);
  await services.db.session.updateMany({ where: { userId: here.userId }, data: { confirmedAt: new Date(0) } });

  await confirmPassword(services, { ...here, password: "right password" });

  expect(await isConfirmed(services, here.cookieHeader)).toBe(true);
  expect(await isConfirmed(services, there)).toBe(false);
});

test("the password cannot be guessed in an open session", async () => {
  const { userId, cookieHeader } = await signedIn(60);
  const guess = (password: string) => confirmPassword(services, { userId, cookieHeader, password });
  const begun = performance.now();
  for (let attempt = 0; attempt < 3; attempt++)
    await expect(guess("wrong password")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  const { code, details } = await guess("right password").catch((error) => error);
  expect(code).toBe("TOO_MANY");
  // What is told is the rest of the delay: a busy machine takes more than a second for a guess.
  const passed = Math.ceil((performance.now() - begun) / 1_000);
  expect(details?.retryAfter).toBeLessThanOrEqual(15);
  expect(details?.retryAfter).toBeGreaterThanOrEqual(15 - passed);
  expect(await isConfirmed(services, cookieHeader)).toBe(false);
});

test("what strangers guess at the sign-in does not keep the owner from giving the password again", async () => {
  const { userId, cookieHeader } = await signedIn(60);
  const { email } = await services.db.user.findUniqueOrThrow({ where: { id: userId } });
  const guess = () => signInAs(services, email, "wrong password");
  for (let attempt = 0; attempt < 3; attempt++) await expect(guess()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(guess()).rejects.toMatchObject({ code: "TOO_MANY" });
  await assertOwnPassword(services, userId, "right password");
  await confirmPassword(services, { userId, cookieHeader, password: "right password" });
  expect(await isConfirmed(services, cookieHeader)).toBe(true);
});

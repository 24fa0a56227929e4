import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { Queue } from "../queue/queue";
import { makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { cookiesOf, signInAs } from "../test/sign-in";
import { createAdmin } from "./admins";
import { actorOfToken, createApiToken } from "./api-tokens";
import { startSession } from "./auth";
import { knownDevice } from "./known-device";
import { hashPassword } from "./password";
import { requestPasswordReset, resetAccount, resetPassword } from "./password-reset";
import { verifiedColumns } from "./verified";

let database: TestQueue;
let queue: Queue;
const mails: { to: string; subject: string; text: string }[] = [];

beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
});
afterAll(async () => {
  await database.drop();
});

const services = () => ({
  db: database.db,
  queue,
  env: parseEnv({ APP_URL: "https://site.example" }),
  log: createLog("silent"),
  mail: { send: async (mail: (typeof mails)[number]) => mails.push(mail) > 0 },
});
const words = (link: string) => ({ subject: "New password", text: link });
const mailsTo = (address: string) => mails.filter((mail) => mail.to === address);
const tokenIn = (text: string) => text.replace("https://site.example/reset/", "");

/** Asks for a link and waits for its mail. */
async function askFor(email: string): Promise<string> {
  const before = mailsTo(email).length;
  expect(await requestPasswordReset(services(), { email, words })).toBe("sent");
  await expect.poll(() => mailsTo(email).length).toBe(before + 1);
  return tokenIn(mailsTo(email).at(-1)?.text ?? "");
}

test("the mailed link sets a new password once and ends every session", async () => {
  const { id, email } = await makeUser(database.db, { passwordHash: await hashPassword("old password") });
  await startSession(services(), id, null);
  const token = await askFor(email);
  expect(await resetAccount(services(), token)).toEqual({ email, leastPassword: 8, isAdmin: false });

  expect(await resetPassword(services(), { token, password: "new password" })).not.toBeNull();

  const as = async (password: string) => cookiesOf(await signInAs(services(), email, password));
  expect(await database.db.session.count({ where: { userId: id } })).toBe(0);
  await expect(as("old password")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(as("new password")).resolves.toContain("session=");
  expect(await resetAccount(services(), token)).toBeNull();
  expect(await resetPassword(services(), { token, password: "third password" })).toBeNull();
});

test("a reset is audited, and earlier wrong guesses no longer delay the owner", async () => {
  const { id, email } = await makeUser(database.db, { passwordHash: await hashPassword("old password") });
  for (let guess = 0; guess < 10; guess++)
    await expect(signInAs(services(), email, "wrong password")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(signInAs(services(), email, "old password")).rejects.toMatchObject({ code: "TOO_MANY" });

  await resetPassword(services(), { token: await askFor(email), password: "new password" });

  await expect(signInAs(services(), email, "new password")).resolves.toHaveLength(2);
  const entries = await database.db.auditEntry.findMany({ where: { action: "password.reset" } });
  expect(entries).toContainEqual(expect.objectContaining({ actorKind: "USER", actorId: id, targetId: id }));
});

test("a reset makes its browser known, with a second factor only where it was known before, and forgets its wrong guesses", async () => {
  const { id, email } = await makeUser(database.db, { passwordHash: await hashPassword("old password") });
  const isKnown = async (cookieHeader: string) => {
    const seen = await database.db.user.findUniqueOrThrow({ where: { id }, select: verifiedColumns });
    return knownDevice(services().env, cookieHeader, seen) !== null;
  };
  const reset = async (password: string, cookieHeader: string | null = null) =>
    cookiesOf((await resetPassword(services(), { token: await askFor(email), password, cookieHeader })) ?? []);

  const device = await reset("new password");
  expect(await isKnown(device)).toBe(true);
  for (let guess = 0; guess < 10; guess++)
    await expect(signInAs(services(), email, "wrong", { cookieHeader: device })).rejects.toThrow();
  await database.db.secondFactor.create({ data: { userId: id, secret: "", lastStep: 0 } });
  expect(await reset("third password", device)).toBe("");
  await database.db.secondFactor.deleteMany({ where: { userId: id } });

  const renewed = await reset("fourth password", device);
  expect(await isKnown(device)).toBe(false);
  await expect(signInAs(services(), email, "fourth password", { cookieHeader: renewed })).resolves.toBeDefined();
});

test("a reset ends the API tokens, too, and an administrator's new password from the command does", async () => {
  const { id, email } = await makeUser(database.db, { role: "ADMIN" });
  const actor = { kind: "USER", id, role: "ADMIN" } as const;
  const isAlive = async (token: string) => (await actorOfToken(services(), `Bearer ${token}`)) !== null;

  const first = await createApiToken(services(), { actor, name: "Before the reset" });
  expect(await isAlive(first.token)).toBe(true);
  await resetPassword(services(), { token: await askFor(email), password: "correct horse battery" });
  expect(await isAlive(first.token)).toBe(false);

  const second = await createApiToken(services(), { actor, name: "Before the command" });
  await createAdmin(services(), { email, password: "battery horse correct" });
  expect(await isAlive(second.token)).toBe(false);
});

test("of two uses at the same moment one wins", async () => {
  const { email } = await makeUser(database.db);
  const token = await askFor(email);
  const outcomes = await Promise.all([
    resetPassword(services(), { token, password: "first password" }),
    resetPassword(services(), { token, password: "second password" }),
  ]);
  expect(outcomes.filter((cookies) => cookies !== null)).toHaveLength(1);
});

test("the link says how long an administrator's new password must be", async () => {
  const { email } = await makeUser(database.db, { role: "ADMIN" });
  const token = await askFor(email);
  const account = await resetAccount(services(), token);
  expect(account).toEqual({ email, leastPassword: 12, isAdmin: true });
  const short = "x".repeat(11);
  await expect(resetPassword(services(), { token, password: short })).rejects.toMatchObject({
    details: { problem: "password_short_admin" },
  });
});

test("using one link spends the others", async () => {
  const { email } = await makeUser(database.db);
  const [first, second] = [await askFor(email), await askFor(email)];
  expect(await resetPassword(services(), { token: first, password: "new password" })).not.toBeNull();
  expect(await resetPassword(services(), { token: second, password: "other password" })).toBeNull();
});

test("a link expires after an hour", async () => {
  const { id, email } = await makeUser(database.db);
  const token = await askFor(email);
  const [reset] = await database.db.passwordReset.findMany({ where: { userId: id } });
  expect(reset?.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 60 * 60 * 1_000);
  await database.db.passwordReset.updateMany({ where: { userId: id }, data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await resetAccount(services(), token)).toBeNull();
  expect(await resetPassword(services(), { token, password: "new password" })).toBeNull();
});

test("nobody is pestered with more than three mails an hour, and strangers get none", async () => {
  const { email } = await makeUser(database.db);
  for (let i = 0; i < 3; i++) await askFor(email);
  const other = await makeUser(database.db);
  for (const address of [email, "nobody@example.com", "no address", "a\0@example.com"])
    await requestPasswordReset(services(), { email: address, words });
  // The one after them has arrived, so they are through as well.
  await askFor(other.email);
  expect(mailsTo(email)).toHaveLength(3);
  expect(mailsTo("nobody@example.com")).toEqual([]);
});

test("the fourth request within the hour is told so, for an address that nobody has registered as well", async () => {
  const { email } = await makeUser(database.db);
  for (const address of [email, "stranger@example.com", "no address at all"]) {
    const outcomes: string[] = [];
    for (let i = 0; i < 4; i++) outcomes.push(await requestPasswordReset(services(), { email: address, words }));
    expect(outcomes).toEqual(["sent", "sent", "sent", "limited"]);
  }
});

test("a password set by mail proves the address, and lets go a registration that waited for it", async () => {
  const { id, email } = await makeUser(database.db, { crmState: "HELD", holds: ["email"] });
  const token = await askFor(email);
  expect(await resetPassword(services(), { token, password: "a new password" })).not.toBeNull();
  const user = await database.db.user.findUniqueOrThrow({ where: { id } });
  expect(user.emailConfirmedAt).not.toBeNull();
  expect(user).toMatchObject({ crmState: "PENDING", holds: [] });
});

test("the link's value is not in the database", async () => {
  const { id, email } = await makeUser(database.db);
  const token = await askFor(email);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(await database.db.passwordReset.findMany({ where: { userId: id } }))).not.toContain(token);
});

test("a password that is common, personal or too short for an administrator is refused, and the link goes on working", async () => {
  const { email } = await makeUser(database.db, { firstName: "Евпраксия" });
  const admin = await makeUser(database.db, { role: "ADMIN" });
  const [token, adminToken] = [await askFor(email), await askFor(admin.email)];
  const refusals = [
    { token, password: "qwerty123", problem: "password_common" },
    { token, password: "евпраксия1985", problem: "password_personal" },
    { token, password: email, problem: "password_personal" },
    { token: adminToken, password: "k7!pQzw-klm", problem: "password_short_admin" },
  ];
  for (const { problem, ...use } of refusals)
    await expect(resetPassword(services(), use)).rejects.toMatchObject({ code: "INVALID", details: { problem } });
  expect(await resetPassword(services(), { token, password: "k7!pQzw-klm" })).not.toBeNull();
  expect(await resetPassword(services(), { token: adminToken, password: "k7!pQzw-klmn" })).not.toBeNull();
});

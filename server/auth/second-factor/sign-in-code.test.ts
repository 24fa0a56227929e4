import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAttemptLimit } from "../../attempts/attempt-limit";
import { codeOf } from "../../test/authenticator";
import { makeUser } from "../../test/factories";
import { createTestServices, type TestServices } from "../../test/services";
import { cookiesOf, fromSomewhere, sessionCookieOf, signInAs } from "../../test/sign-in";
import { readAccount } from "../../users/account";
import { authenticate } from "../auth";
import { hashPassword } from "../password";
import { verifiedColumns } from "../verified";
import { enableSecondFactor, newEnrolment } from "./enrolment";
import { pendingSignIn } from "./pending-sign-in";
import { awaitedUser, signInWithCode } from "./sign-in-code";

let services: TestServices;

beforeAll(async () => {
  services = await createTestServices({
    APP_URL: "https://site.example",
    SESSION_SECRET: "s".repeat(32),
    RATE_LIMIT_LOGIN: "3",
  });
});
afterAll(() => services.drop());

const password = "a long admin phrase";
const wrong = "wrong-code";
const refused = { code: "UNAUTHORIZED" };
const delayed = { code: "TOO_MANY", details: { retryAfter: expect.any(Number) } };
const asks = (cookie: string) => new Request("https://site.example/", { headers: { cookie } });

/** An administrator whose authenticator has given no code yet. */
async function enrolled() {
  const { id, email } = await makeUser(services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  const { secret, sealed } = await newEnrolment(services, id, "Front Desk");
  const { codes } = await enableSecondFactor(services, { userId: id, sealed, code: codeOf(secret), userAgent: null });
  await services.db.session.deleteMany({ where: { userId: id } });
  await services.db.secondFactor.update({ where: { userId: id }, data: { lastStep: 0 } });
  return { id, email, secret, codes };
}

const afterPassword = async (email: string) => cookiesOf(await signInAs(services, email, password));
const sendsCode = (cookieHeader: string, code: string, more: Partial<typeof fromSomewhere> = {}) =>
  signInWithCode(services, { ...fromSomewhere, cookieHeader, code, ...more });

const signInsOf = async (id: number) => (await readAccount(services, { id }, null))?.signIns;

test("the password alone opens nothing: the cookie after it is no session's and no device's", async () => {
  const { id, email } = await enrolled();
  const setCookies = await signInAs(services, email, password);
  expect(setCookies).toHaveLength(1);
  expect(setCookies[0]).toMatch(/^__Host-sign-in=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const cookie = cookiesOf(setCookies);
  expect(await authenticate(services, asks(cookie))).toBeNull();
  expect(await authenticate(services, asks(cookie.replace("__Host-sign-in", "__Host-session")))).toBeNull();
  expect(await services.db.session.count({ where: { userId: id } })).toBe(0);
  expect(await signInsOf(id)).toEqual([]);
  expect(await awaitedUser(services, cookie)).toMatchObject({ id, role: "ADMIN" });
});

test("a code after the password signs in, once, and takes the waiting cookie away", async () => {
  const { id, email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  const code = codeOf(secret);

  const signedIn = await sendsCode(waiting, code);

  expect(signedIn?.by).toBe("authenticator");
  expect(signedIn?.cookies.at(-1)).toMatch(/^__Host-sign-in=; Max-Age=0/);
  const cookie = cookiesOf(signedIn?.cookies ?? []);
  expect(await authenticate(services, asks(cookie))).toEqual({ kind: "USER", id, role: "ADMIN" });
  expect(await signInsOf(id)).toMatchObject([{ kind: "started", address: "203.0.113.1" }]);
  await expect(sendsCode(waiting, code)).rejects.toMatchObject(refused);
});

test("a code that was used, and any earlier one, is refused; the next one is taken", async () => {
  const { email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  const [earlier, now, next] = [-1, 0, 1].map((steps) => codeOf(secret, steps)) as [string, string, string];
  expect(await sendsCode(waiting, now)).not.toBeNull();
  await expect(sendsCode(waiting, now)).rejects.toMatchObject(refused);
  await expect(sendsCode(waiting, earlier)).rejects.toMatchObject(refused);
  expect(await sendsCode(waiting, next)).not.toBeNull();
});

test("the code that switched the second factor on signs nobody in", async () => {
  const { id, email } = await makeUser(services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  const { secret, sealed } = await newEnrolment(services, id, "Front Desk");
  const code = codeOf(secret);
  await enableSecondFactor(services, { userId: id, sealed, code, userAgent: null });
  await expect(sendsCode(await afterPassword(email), code)).rejects.toMatchObject(refused);
});

test("of the same code sent several times at one moment one signs in", async () => {
  const { email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  const code = codeOf(secret);
  const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => sendsCode(waiting, code)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("each recovery code signs in once, however it is typed", async () => {
  const { id, email, codes } = await enrolled();
  const waiting = await afterPassword(email);
  const [first = "", second = "", third = ""] = codes;
  for (const typed of [first, ` ${second.toUpperCase()} `, third.replaceAll("-", " ")])
    expect(await sendsCode(waiting, typed)).toMatchObject({ by: "recovery" });
  for (const used of [first, second]) await expect(sendsCode(waiting, used)).rejects.toMatchObject(refused);
  const entries = await services.db.auditEntry.findMany({
    where: { targetId: id, action: "factor.recovery" },
    orderBy: { id: "asc" },
  });
  expect(entries.map(({ details }) => details)).toEqual([{ left: 9 }, { left: 8 }, { left: 7 }]);
});

test("of the same recovery code sent several times at one moment one signs in", async () => {
  const { email, codes } = await enrolled();
  const waiting = await afterPassword(email);
  const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => sendsCode(waiting, codes[0] ?? "")));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("another person's codes do not help", async () => {
  const [one, other] = [await enrolled(), await enrolled()];
  const waiting = await afterPassword(one.email);
  await expect(sendsCode(waiting, codeOf(other.secret))).rejects.toMatchObject(refused);
  await expect(sendsCode(waiting, other.codes[0] ?? "")).rejects.toMatchObject(refused);
});

test("without the password a code is not even looked at", async () => {
  const { id, email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  const [name, claim = ""] = waiting.split("=");
  const [, until, signature] = claim.split(".");
  const other = await enrolled();
  const forged = [
    "",
    `${name}=`,
    `${name}=${other.id}.${until}.${signature}`,
    `${name}=${id}.${Number(until) + 1}.${signature}`,
    `${name}=${id}.${until}.${"A".repeat(43)}`,
    `${name}=9999999999.${until}.${signature}`,
  ];
  for (const cookie of forged) expect(await sendsCode(cookie, codeOf(secret)), cookie).toBeNull();
  expect(await sendsCode(waiting, codeOf(secret))).not.toBeNull();
});

test("the time between password and code is limited", async () => {
  const { id, email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  const until = Number(waiting.split(".")[1]);
  expect(until - Date.now() / 1_000).toBeGreaterThan(500);
  expect(until - Date.now() / 1_000).toBeLessThanOrEqual(600);
  // The same claim, honestly signed, of ten minutes ago.
  const verified = await services.db.user.findUniqueOrThrow({ where: { id }, select: verifiedColumns });
  vi.useFakeTimers({ now: Date.now() - 601_000, toFake: ["Date"] });
  const expired = cookiesOf([pendingSignIn(services.env, verified)]);
  vi.useRealTimers();
  expect(await sendsCode(expired, codeOf(secret))).toBeNull();
});

test("a new password ends what waits for its code", async () => {
  const { id, email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  await services.db.user.update({ where: { id }, data: { passwordHash: await hashPassword("another phrase") } });
  expect(await sendsCode(waiting, codeOf(secret))).toBeNull();
});

test("the session that the browser brought ends with the sign-in", async () => {
  const { email, secret } = await enrolled();
  const person = await makeUser(services.db);
  const planted = await sessionCookieOf(services, person.id);
  const signedIn = await sendsCode(`${planted}; ${await afterPassword(email)}`, codeOf(secret));
  expect(await authenticate(services, asks(planted))).toBeNull();
  expect(cookiesOf(signedIn?.cookies ?? [])).not.toContain(planted);
});

test("guesses are slowed down by account, whatever address they come from, and the right password does not help", async () => {
  const { id, email, secret } = await enrolled();
  for (let guess = 0; guess < 3; guess++)
    await expect(sendsCode(await afterPassword(email), wrong, { address: `203.0.113.${guess}` })).rejects.toMatchObject(
      refused,
    );
  const waiting = await afterPassword(email);
  await expect(sendsCode(waiting, codeOf(secret), { address: "203.0.113.99" })).rejects.toMatchObject(delayed);
  expect(await signInsOf(id)).toMatchObject([{ kind: "code_refused", count: 3 }]);
});

test("a right code forgets the wrong ones before it", async () => {
  const { email, secret } = await enrolled();
  const waiting = await afterPassword(email);
  for (const code of [wrong, wrong, codeOf(secret), wrong, wrong])
    await sendsCode(waiting, code).catch((error: unknown) => expect(error).toMatchObject(refused));
  await expect(sendsCode(waiting, wrong)).rejects.toMatchObject(refused);
  await expect(sendsCode(waiting, wrong)).rejects.toMatchObject(delayed);
});

test("a device that has signed in before is not held up by guesses from elsewhere", async () => {
  const { email, secret } = await enrolled();
  const signedIn = await sendsCode(await afterPassword(email), codeOf(secret));
  const device = cookiesOf((signedIn?.cookies ?? []).filter((cookie) => cookie.startsWith("__Host-device=")));
  const waiting = await afterPassword(email);
  for (let guess = 0; guess < 3; guess++) await expect(sendsCode(waiting, wrong)).rejects.toMatchObject(refused);
  await expect(sendsCode(waiting, wrong)).rejects.toMatchObject(delayed);
  expect(await sendsCode(`${device}; ${waiting}`, codeOf(secret, 1))).not.toBeNull();
});

test("what was collected with the password alone makes no guess at the codes that come later", async () => {
  const { id, email } = await makeUser(services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  const collected = await Promise.all([1, 2].map(() => afterPassword(email)));
  const { secret, sealed } = await newEnrolment(services, id, "Front Desk");
  const own = await enableSecondFactor(services, {
    ...{ userId: id, sealed, code: codeOf(secret), userAgent: null },
    cookieHeader: collected[0] ?? "",
  });
  const waiting = await afterPassword(email);
  for (let guess = 0; guess < 3; guess++) await expect(sendsCode(waiting, wrong)).rejects.toMatchObject(refused);
  for (const device of collected)
    await expect(sendsCode(`${device}; ${waiting}`, wrong)).rejects.toMatchObject(delayed);
  // The browser that switched it on has proved both.
  expect(await sendsCode(`${cookiesOf(own.cookies)}; ${waiting}`, codeOf(secret, 1))).not.toBeNull();
});

test("an address has its share of attempts, whomever it tries", async () => {
  const limit = createAttemptLimit(services, { name: "codes", attempts: 2 });
  const one = await afterPassword((await enrolled()).email);
  const other = await afterPassword((await enrolled()).email);
  for (const waiting of [one, other]) await expect(sendsCode(waiting, wrong, { limit })).rejects.toMatchObject(refused);
  await expect(sendsCode(one, wrong, { limit })).rejects.toMatchObject(delayed);
});

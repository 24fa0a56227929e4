import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { type Env, parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { sessionCookieOf } from "../test/sign-in";
import { createApiToken } from "./api-tokens";
import { authenticate, dropExpiredSessions, signOut, startSession } from "./auth";
import { endAllSessions, endSession, listSessions } from "./sessions";

let database: TestDatabase;
let services: { db: TestDatabase["db"]; env: Env };
const day = 24 * 60 * 60 * 1_000;

beforeAll(async () => {
  database = await createTestDatabase();
  services = { db: database.db, env: parseEnv({ APP_URL: "https://site.example", SESSION_SECRET: "s".repeat(32) }) };
});
afterAll(() => database.drop());

/** What the browser would send back. */
const cookieOf = (setCookie: string) => setCookie.split(";")[0] ?? "";
const asks = (cookie: string, headers: Record<string, string> = {}) =>
  new Request("https://site.example/", { headers: { cookie, ...headers } });

test("the database does not know what is in the cookie", async () => {
  const { id } = await makeUser(services.db);
  const setCookie = await startSession(services, id, null);
  const [token = ""] = cookieOf(setCookie).replace("__Host-session=", "").split(".");
  const sessions = await services.db.session.findMany({ where: { userId: id } });
  expect(JSON.stringify(sessions)).not.toContain(token);
  expect(sessions).toMatchObject([{ id: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
});

test("a cookie signed with the secret before the rotation still counts, one without any of ours does not", async () => {
  const { id } = await makeUser(services.db);
  const old = await sessionCookieOf(services, id);
  const withSecrets = (list: string) => ({
    ...services,
    env: parseEnv({ APP_URL: "https://site.example", SESSION_SECRET: list }),
  });
  expect(await authenticate(withSecrets(`${"n".repeat(32)},${"s".repeat(32)}`), asks(old))).not.toBeNull();
  expect(await authenticate(withSecrets("n".repeat(32)), asks(old))).toBeNull();
});

test("a cookie that was changed, doubled or made up is no session", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  const flipped = cookie.replace(/.$/, (last) => (last === "A" ? "E" : "A"));
  for (const bad of [flipped, cookie.split(".")[0] ?? "", "__Host-session=", "__Host-session=a.b.c", "=;;="])
    expect(await authenticate(services, asks(bad))).toBeNull();
});

test("signing out ends the session on the server too", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  expect(await signOut(services, cookie)).toMatch(/^__Host-session=; Max-Age=0;/);
  expect(await authenticate(services, asks(cookie))).toBeNull();
});

test("a session in use is prolonged, an idle one ends after 30 days and is swept away", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  const set = (lastSeenAgo: number, expiresIn: number) =>
    services.db.session.updateMany({
      where: { userId: id },
      data: { lastSeenAt: new Date(Date.now() - lastSeenAgo), expiresAt: new Date(Date.now() + expiresIn) },
    });

  await set(29 * day, day);
  expect(await authenticate(services, asks(cookie))).not.toBeNull();
  const [prolonged] = await services.db.session.findMany({ where: { userId: id } });
  expect(prolonged?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * day);

  await set(30 * day, -1);
  expect(await authenticate(services, asks(cookie))).toBeNull();
  await dropExpiredSessions(services);
  expect(await services.db.session.count({ where: { userId: id } })).toBe(0);
});

test("whose sessions are being ended does not keep a sign-in waiting, and neither locks the other out", async () => {
  const { id } = await makeUser(services.db);
  const expiresAt = new Date(Date.now() - day);
  await services.db.session.createMany({
    data: ["ending", "expired"].map((name) => ({ id: name, userId: id, expiresAt })),
  });
  const left = async () => (await services.db.session.findMany({ where: { userId: id } })).map((session) => session.id);
  await services.db.$transaction(async (tx) => {
    await tx.session.deleteMany({ where: { id: "ending" } });
    await dropExpiredSessions(services);
    expect(await left()).toEqual(["ending"]);
    await tx.session.deleteMany({ where: { userId: id } });
  });
  expect(await left()).toEqual([]);
});

test("a session ends after a year, however it is used", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  const set = (age: number) =>
    services.db.session.updateMany({
      where: { userId: id },
      data: { createdAt: new Date(Date.now() - age), lastSeenAt: new Date(Date.now() - day) },
    });
  await set(364 * day);
  expect(await authenticate(services, asks(cookie))).not.toBeNull();
  const { expiresAt } = await services.db.session.findFirstOrThrow({ where: { userId: id } });
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(day);
  await set(365 * day);
  expect(await authenticate(services, asks(cookie))).toBeNull();
});

const hour = 60 * 60 * 1_000;

test("an administrator's session ends after 12 hours without use, and after 7 days in any case", async () => {
  const admin = await makeAdmin(services.db);
  const cookie = cookieOf(await startSession(services, admin.id, null, "ADMIN"));
  const isOpen = async () => (await authenticate(services, asks(cookie))) !== null;
  const set = (lastSeenAgo: number, createdAgo: number) =>
    services.db.session.updateMany({
      where: { userId: admin.id },
      data: { lastSeenAt: new Date(Date.now() - lastSeenAgo), createdAt: new Date(Date.now() - createdAgo) },
    });
  const endsIn = async () =>
    Number((await services.db.session.findFirst({ where: { userId: admin.id } }))?.expiresAt) - Date.now();

  expect(await endsIn()).toBeLessThanOrEqual(12 * hour);
  await set(11 * hour, 6 * day);
  expect(await isOpen()).toBe(true);
  expect(await endsIn()).toBeGreaterThan(11.9 * hour);
  await set(hour, 7 * day - 2 * hour);
  expect(await isOpen()).toBe(true);
  expect(await endsIn()).toBeLessThanOrEqual(2 * hour);

  await set(12.1 * hour, 2 * day);
  expect(await isOpen()).toBe(false);
  await set(0, 7.1 * day);
  expect(await isOpen()).toBe(false);
});

test("a session that was opened before its person became an administrator has the shorter life, and is not shown beyond it", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  const lastSeenAt = new Date(Date.now() - 13 * hour);
  await services.db.session.updateMany({ where: { userId: id }, data: { lastSeenAt } });
  expect(await listSessions(services, id, cookie)).toHaveLength(1);
  await services.db.user.update({ where: { id }, data: { role: "ADMIN" } });
  expect(await authenticate(services, asks(cookie))).toBeNull();
  expect(await listSessions(services, id, cookie)).toEqual([]);
});

test("a page view within the hour writes nothing", async () => {
  const { id } = await makeUser(services.db);
  const cookie = await sessionCookieOf(services, id);
  const before = await services.db.session.findMany({ where: { userId: id } });
  await authenticate(services, asks(cookie));
  expect(await services.db.session.findMany({ where: { userId: id } })).toEqual(before);
});

test("a right that is taken away is gone at the next request", async () => {
  const admin = await makeAdmin(services.db);
  const cookie = await sessionCookieOf(services, admin.id);
  expect(await authenticate(services, asks(cookie))).toEqual(admin);
  await services.db.user.update({ where: { id: admin.id }, data: { role: "USER" } });
  expect(await authenticate(services, asks(cookie))).toEqual({ ...admin, role: "USER" });
});

test("who brings neither cookie nor token is a guest", async () => {
  expect(await authenticate(services, asks(""))).toBeNull();
});

test("a bearer token acts for its administrator; a wrong one does not fall back on the cookie", async () => {
  const admin = await makeAdmin(services.db);
  const cookie = await sessionCookieOf(services, admin.id);
  const { token, id } = await createApiToken(services, { actor: admin, name: "reports" });
  expect(await authenticate(services, asks("", { authorization: `Bearer ${token}` }))).toEqual({
    kind: "TOKEN",
    id,
    userId: admin.id,
    role: "ADMIN",
    scopes: ["read", "payments", "registrations", "register"],
  });
  expect(await authenticate(services, asks(cookie, { authorization: "Bearer b24r_wrong" }))).toBeNull();
  expect(await authenticate(services, asks(cookie, { authorization: "Basic cHJveHk6eA==" }))).toEqual(admin);
});

test("people see and end their own sessions only", async () => {
  const [own, other] = [await makeUser(services.db), await makeUser(services.db)];
  const here = cookieOf(await startSession(services, own.id, "Here/1.0"));
  const there = cookieOf(await startSession(services, own.id, "There/1.0"));
  const foreign = cookieOf(await startSession(services, other.id, "Other/1.0"));

  const sessions = await listSessions(services, own.id, here);
  expect(sessions.map(({ userAgent, current }) => ({ userAgent, current }))).toEqual(
    expect.arrayContaining([
      { userAgent: "Here/1.0", current: true },
      { userAgent: "There/1.0", current: false },
    ]),
  );
  expect(sessions).toHaveLength(2);

  const [foreignSession] = await listSessions(services, other.id, foreign);
  const end = (sessionId = "") => endSession(services, { userId: own.id, sessionId, cookieHeader: here });
  await end(foreignSession?.id);
  expect(await authenticate(services, asks(foreign))).not.toBeNull();

  await end(sessions.find((session) => !session.current)?.id);
  expect(await authenticate(services, asks(there))).toBeNull();
  expect(await authenticate(services, asks(here))).not.toBeNull();
});

test("ending all of another's sessions is audited, ending all of one's own is not", async () => {
  const admin = await makeAdmin(services.db);
  const person = await makeUser(services.db);
  const own: Actor = { kind: "USER", id: person.id, role: "USER" };
  const audits = () => services.db.auditEntry.count({ where: { action: "session.endAll", targetId: person.id } });

  await startSession(services, person.id, null);
  expect(await endAllSessions(services, { actor: own, userId: person.id })).toEqual({ ended: 1 });
  expect(await audits()).toBe(0);

  await startSession(services, person.id, null);
  await startSession(services, person.id, null);
  expect(await endAllSessions(services, { actor: admin, userId: person.id })).toEqual({ ended: 2 });
  expect(await audits()).toBe(1);
});

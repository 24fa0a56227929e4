import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { erasedColumns } from "../privacy/places";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { cookiesOf, signInAs } from "../test/sign-in";
import { createAdmin, demoteAdmin, ensureFirstAdmin } from "./admins";
import { actorOfToken, createApiToken } from "./api-tokens";
import { startSession } from "./auth";
import { hashPassword } from "./password";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const services = (ADMIN_EMAIL?: string, ADMIN_PASSWORD?: string) => ({
  db: database.db,
  env: parseEnv({ ADMIN_EMAIL, ADMIN_PASSWORD }),
  log: createLog("silent"),
});
const signsIn = async (email: string, password: string) => cookiesOf(await signInAs(services(), email, password));

test("a new administrator can sign in and will never become a deal", async () => {
  expect(await createAdmin(services(), { email: " New@Example.com ", password: "admin password" })).toBe("created");

  await expect(signsIn("new@example.com", "admin password")).resolves.toContain("session=");
  expect(await database.db.user.findUnique({ where: { email: "new@example.com" } })).toMatchObject({
    role: "ADMIN",
    crmState: "SYNCED",
    crmSyncedAt: null,
    bitrix24ContactId: null,
    bitrix24DealId: null,
  });
  expect(await database.db.auditEntry.findMany({ where: { action: "admin.create" } })).toMatchObject([
    { actorKind: "SYSTEM", targetId: expect.any(Number), details: {} },
  ]);
});

test("who registered with the address is promoted; the old password and sessions end", async () => {
  const { id, email } = await makeUser(database.db, { passwordHash: await hashPassword("squatter's password") });
  await startSession(services(), id, null);

  expect(await createAdmin(services(), { email, password: "admin password" })).toBe("promoted");

  await expect(signsIn(email, "squatter's password")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  expect(await database.db.session.count({ where: { userId: id } })).toBe(0);
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ role: "ADMIN", crmState: "PENDING" });
  expect(await database.db.auditEntry.findMany({ where: { action: "role.change", targetId: id } })).toMatchObject([
    { actorKind: "SYSTEM", details: { role: "ADMIN" } },
  ]);
});

test("a password that is too short for an administrator, common or personal is refused", async () => {
  const refusals = { short: "password_short", "k7!pQzw-klm": "password_short_admin", qwertyuiop123: "password_common" };
  for (const [password, problem] of Object.entries({ ...refusals, "weak@example.com": "password_personal" }))
    await expect(createAdmin(services(), { email: "weak@example.com", password })).rejects.toMatchObject({
      code: "INVALID",
      details: { problem },
    });
  expect(await database.db.user.count({ where: { email: "weak@example.com" } })).toBe(0);
  await expect(createAdmin(services(), { email: "no address", password: "admin password" })).rejects.toThrow();
});

test("the first administrator of the environment is made once, by however many processes", async () => {
  const env = services("First@example.com", "first password");
  await Promise.all([ensureFirstAdmin(env), ensureFirstAdmin(env)]);
  await expect(signsIn("first@example.com", "first password")).resolves.toContain("session=");
});

test("an administrator who has changed the password keeps it over a restart", async () => {
  await createAdmin(services(), { email: "changed@example.com", password: "changed password" });
  await ensureFirstAdmin(services("changed@example.com", "environment password"));
  await expect(signsIn("changed@example.com", "changed password")).resolves.toContain("session=");
});

test("an administrator of the environment who was demoted stays so over a restart, and keeps password and sessions", async () => {
  const { db } = database;
  const made = services("demoted@example.com", "environment password");
  await ensureFirstAdmin(made);
  await createAdmin(services(), { email: "remaining@example.com", password: "admin password" });
  const { id } = await db.user.findUniqueOrThrow({ where: { email: "demoted@example.com" } });
  expect(await demoteAdmin(database, "demoted@example.com")).toBe("demoted");
  const before = await db.user.update({
    where: { id },
    data: { passwordHash: await hashPassword("a password of own") },
  });
  await startSession(services(), id, null);

  await ensureFirstAdmin(made);

  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    role: "USER",
    passwordHash: before.passwordHash,
  });
  expect(await db.session.count({ where: { userId: id } })).toBe(1);

  expect(await createAdmin(services(), { email: "demoted@example.com", password: "admin password" })).toBe("promoted");
  await db.user.update({ where: { id }, data: { role: "USER" } });
  await ensureFirstAdmin(made);
  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ role: "ADMIN" });
});

test("where nobody is an administrator a start makes one of the environment, demoted before or not", async () => {
  const { db } = database;
  const { id, email } = await makeUser(db);
  await db.auditEntry.create({
    data: { actorKind: "SYSTEM", action: "role.change", targetId: id, details: { role: "USER" } },
  });
  await db.user.updateMany({ where: { role: "ADMIN" }, data: { role: "USER" } });
  await ensureFirstAdmin(services(email, "environment password"));
  expect(await db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ role: "ADMIN" });
});

test("a person who is to be erased again never becomes an administrator, and the start goes on; the next one makes a new one", async () => {
  const returned = await makeUser(database.db);
  const { id, email } = returned;
  await database.db.erasureDue.create({ data: { userId: id } });
  const made = services(email, "environment password");
  await ensureFirstAdmin(made);
  await expect(createAdmin(made, { email, password: "admin password" })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ role: "USER", passwordHash: null });

  await database.db.erasureDue.delete({ where: { userId: id } });
  await database.db.user.update({ where: { id }, data: erasedColumns(returned) });
  await ensureFirstAdmin(made);
  await expect(signsIn(email, "environment password")).resolves.toContain("session=");
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ role: "USER" });
});

test("an administrator can be demoted, whose tokens end, but never the last one", async () => {
  const db = database.db;
  await db.user.updateMany({ where: { role: "ADMIN" }, data: { role: "USER" } });
  const [one, two] = [await makeUser(db, { role: "ADMIN" }), await makeUser(db, { role: "ADMIN" })];
  const { token } = await createApiToken(database, { actor: { kind: "USER", id: one.id, role: "ADMIN" }, name: "Old" });

  const outcomes = await Promise.all([one, two].map(({ email }) => demoteAdmin(database, email)));

  expect(outcomes.sort()).toEqual(["demoted", "the last administrator"]);
  expect(await db.user.count({ where: { role: "ADMIN" } })).toBe(1);
  const last = await db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
  expect(await demoteAdmin(database, last.email)).toBe("the last administrator");
  expect(await demoteAdmin(database, "nobody@example.com")).toBe("no administrator");
  const demoted = last.id === one.id ? two : one;
  const entries = await db.auditEntry.findMany({ where: { targetId: demoted.id, action: "role.change" } });
  expect(entries).toMatchObject([{ details: { role: "USER" } }]);
  if (demoted.id === one.id) expect(await actorOfToken(database, `Bearer ${token}`)).toBeNull();
});

test("without the two variables nobody is made", async () => {
  const before = await database.db.user.count();
  await ensureFirstAdmin(services());
  expect(await database.db.user.count()).toBe(before);
});

test("an ADMIN_PASSWORD of the site's words makes no administrator, and is only warned of where there is one", async () => {
  const email = "site-words@example.com";
  const lines: { level: number; msg: string }[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const named = { ADMIN_EMAIL: email, ADMIN_PASSWORD: "tangoclub-2026", APP_URL: "https://tango-club.example" };
  const start = () => ensureFirstAdmin({ db: database.db, env: parseEnv(named), log });
  await expect(start()).rejects.toThrow("ADMIN_PASSWORD: this is made of");
  expect(await database.db.user.count({ where: { email } })).toBe(0);
  await createAdmin(services(), { email, password: "admin password" });
  await start();
  expect(lines).toMatchObject([{ level: 40, msg: expect.stringContaining("ADMIN_PASSWORD is made of") }]);
});

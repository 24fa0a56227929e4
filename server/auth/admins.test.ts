import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { cookiesOf, signInAs } from "../test/sign-in";
import { createAdmin, demoteAdmin } from "./admins";
import { actorOfToken, createApiToken } from "./api-tokens";
import { startSession } from "./auth";
import { hashPassword } from "./password";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const services = () => ({ db: database.db, env: parseEnv({}), log: createLog("silent") });
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
  expect(await demoteAdmin(database, "nobody@example.com")).toBe("not an administrator");
  const demoted = last.id === one.id ? two : one;
  const entries = await db.auditEntry.findMany({ where: { targetId: demoted.id, action: "role.change" } });
  expect(entries).toMatchObject([{ details: { role: "USER" } }]);
  if (demoted.id === one.id) expect(await actorOfToken(database, `Bearer ${token}`)).toBeNull();
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import type { Mail } from "../platform/mail";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { actorOfToken, createApiToken, listApiTokens, revokeApiToken } from "./api-tokens";
import { issueApiToken } from "./issue-token";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const bearer = (token: string) => `Bearer ${token}`;

test("a token acts for its maker, and its value is nowhere in the database", async () => {
  const admin = await makeAdmin(database.db);
  const made = await createApiToken(database, { actor: admin, name: "Warehouse" });

  const actor = await actorOfToken(database, bearer(made.token));

  expect(made.token).toMatch(/^b24r_[\w-]{43}$/);
  const scopes = ["read", "payments", "registrations", "register"];
  expect(actor).toEqual({ kind: "TOKEN", id: made.id, userId: admin.id, role: "ADMIN", scopes });
  const rows = await database.pool.query(`select t::text as row from "ApiToken" t where id = $1`, [made.id]);
  expect(rows.rows[0].row).not.toContain(made.token.slice(5));
  expect(JSON.stringify(await listApiTokens(database))).not.toContain(made.token);
});

test("making and revoking are audited, revoking twice once", async () => {
  const admin = await makeAdmin(database.db);
  const made = await createApiToken(database, { actor: admin, name: "Once" });
  await revokeApiToken(database, { actor: admin, id: made.id });
  await revokeApiToken(database, { actor: admin, id: made.id });

  const entries = await database.db.auditEntry.findMany({ where: { targetId: admin.id }, orderBy: { id: "asc" } });

  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ["token.create", { tokenId: made.id }],
    ["token.revoke", { tokenId: made.id }],
  ]);
  await expect(revokeApiToken(database, { actor: admin, id: 2_000_000 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a revoked token, and one whose maker is no administrator any more, stand for nobody", async () => {
  const [one, two] = await Promise.all([makeAdmin(database.db), makeAdmin(database.db)]);
  const revoked = await createApiToken(database, { actor: one, name: "Revoked" });
  const orphaned = await createApiToken(database, { actor: two, name: "Orphaned" });
  await revokeApiToken(database, { actor: one, id: revoked.id });
  await database.db.user.update({ where: { id: two.id }, data: { role: "USER" } });

  expect(await actorOfToken(database, bearer(revoked.token))).toBeNull();
  expect(await actorOfToken(database, bearer(orphaned.token))).toBeNull();
});

test.each([
  ["none", null],
  ["empty", ""],
  ["another scheme", `Basic b24r_${"a".repeat(43)}`],
  ["unknown", `Bearer b24r_${"a".repeat(43)}`],
  ["too long", `Bearer b24r_${"a".repeat(44)}`],
  ["not ours", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"],
])("a header that is %s stands for nobody", async (_, header) => {
  expect(await actorOfToken(database, header)).toBeNull();
});

test("a token lives a year, or as long as was asked, and then stands for nobody", async () => {
  const admin = await makeAdmin(database.db);
  const usual = await createApiToken(database, { actor: admin, name: "Usual" });
  const short = await createApiToken(database, { actor: admin, name: "Short", days: 30 });
  const daysLeft = ({ expiresAt }: { expiresAt: string }) =>
    Math.round((Date.parse(expiresAt) - Date.now()) / 86_400_000);
  expect([daysLeft(usual), daysLeft(short)]).toEqual([365, 30]);

  await database.db.apiToken.update({ where: { id: short.id }, data: { expiresAt: new Date(Date.now() - 1) } });

  expect(await actorOfToken(database, bearer(short.token))).toBeNull();
  const states = (await listApiTokens(database)).filter(({ userId }) => userId === admin.id).map(({ state }) => state);
  expect(states).toEqual(["expired", "active"]);
});

test("a token that was made before tokens expired has another year and all rights", async () => {
  const { id } = await makeAdmin(database.db);
  await database.pool.query(`insert into "ApiToken" ("userId", name, hash) values ($1, 'Old', 'old')`, [id]);
  const [old] = (await listApiTokens(database)).filter(({ userId }) => userId === id);
  expect(old?.scopes).toEqual(["read", "payments", "registrations"]);
  expect(Date.parse(old?.expiresAt ?? "")).toBeGreaterThan(Date.now() + 360 * 86_400_000);
});

test("a token ends with the role, however that is taken away, and is not alive again after a promotion", async () => {
  const admin = await makeAdmin(database.db);
  const { token } = await createApiToken(database, { actor: admin, name: "Once" });
  for (const role of ["USER", "ADMIN"] as const)
    await database.db.user.update({ where: { id: admin.id }, data: { role } });
  expect(await actorOfToken(database, bearer(token))).toBeNull();
});

test("making a token is told to its owner by mail, in the account's language and without the token", async () => {
  const admin = await makeAdmin(database.db);
  const { email } = await database.db.user.update({ where: { id: admin.id }, data: { locale: "en" } });
  const mails: Parameters<Mail["send"]>[0][] = [];
  const services = {
    db: database.db,
    env: parseEnv({}),
    mail: { send: async (mail: (typeof mails)[0]) => mails.push(mail) > 0 },
  };

  const { token } = await issueApiToken(services, { actor: admin, name: "Mailed" });

  expect(mails).toEqual([
    {
      to: email,
      subject: "A new API token for your account",
      text: expect.stringContaining("An API token “Mailed” was created in your name at localhost:3000."),
    },
  ]);
  expect(JSON.stringify(mails)).not.toContain(token);
});

test("the last use is written at most once a minute", async () => {
  const { token, id } = await createApiToken(database, { actor: await makeAdmin(database.db), name: "Busy" });
  const lastUsedAt = async () => (await database.db.apiToken.findUniqueOrThrow({ where: { id } })).lastUsedAt;
  expect(await lastUsedAt()).toBeNull();

  const recently = new Date(Date.now() - 30_000);
  await database.db.apiToken.update({ where: { id }, data: { lastUsedAt: recently } });
  await actorOfToken(database, bearer(token));
  expect(await lastUsedAt()).toEqual(recently);

  await database.db.apiToken.update({ where: { id }, data: { lastUsedAt: new Date(Date.now() - 61_000) } });
  await actorOfToken(database, bearer(token), "192.0.2.8");
  expect(Number(await lastUsedAt())).toBeGreaterThan(Number(recently));
  const [used] = await listApiTokens(database);
  expect(used).toMatchObject({ id, lastUsedAddress: "192.0.2.8" });
});

test("a token cannot make or revoke tokens", async () => {
  const made = await createApiToken(database, { actor: await makeAdmin(database.db), name: "Limited" });
  const actor = await actorOfToken(database, bearer(made.token));
  if (!actor) throw new Error("the token is not known");

  await expect(createApiToken(database, { actor, name: "Child" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(revokeApiToken(database, { actor, id: made.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test("a form that is sent again revokes the token whose value was never shown, and no other", async () => {
  const [admin, other] = [await makeAdmin(database.db), await makeAdmin(database.db)];
  const before = await createApiToken(database, { actor: admin, name: "Export" });
  const seen = before.id;
  const [used, foreign] = [
    await createApiToken(database, { actor: admin, name: "Export", seen }),
    await createApiToken(database, { actor: other, name: "Export", seen }),
  ];
  await actorOfToken(database, bearer(used.token));
  const earlier = await createApiToken(database, { actor: admin, name: "Export", seen });
  const createdAt = new Date(Date.now() - 3 * 60_000);
  await database.db.apiToken.update({ where: { id: earlier.id }, data: { createdAt } });

  const lost = await createApiToken(database, { actor: admin, name: "Export", seen });
  const sentAgain = await Promise.all(
    [1, 2].map(() => createApiToken(database, { actor: admin, name: "Export", seen })),
  );

  const alive = async ({ token }: { token: string }) => (await actorOfToken(database, bearer(token))) !== null;
  expect(await Promise.all([before, used, foreign, earlier].map(alive))).toEqual(Array(4).fill(true));
  expect(await alive(lost)).toBe(false);
  expect((await Promise.all(sentAgain.map(alive))).filter(Boolean)).toHaveLength(1);
});

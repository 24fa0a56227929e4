import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { actorOfToken, createApiToken, listApiTokens, revokeApiToken } from "./api-tokens";

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
  expect(actor).toEqual({ kind: "TOKEN", id: made.id, userId: admin.id, role: "ADMIN" });
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

test("the last use is written at most once a minute", async () => {
  const { token, id } = await createApiToken(database, { actor: await makeAdmin(database.db), name: "Busy" });
  const lastUsedAt = async () => (await database.db.apiToken.findUniqueOrThrow({ where: { id } })).lastUsedAt;
  expect(await lastUsedAt()).toBeNull();

  const recently = new Date(Date.now() - 30_000);
  await database.db.apiToken.update({ where: { id }, data: { lastUsedAt: recently } });
  await actorOfToken(database, bearer(token));
  expect(await lastUsedAt()).toEqual(recently);

  await database.db.apiToken.update({ where: { id }, data: { lastUsedAt: new Date(Date.now() - 61_000) } });
  await actorOfToken(database, bearer(token));
  expect(Number(await lastUsedAt())).toBeGreaterThan(Number(recently));
});

test("a token cannot make or revoke tokens", async () => {
  const made = await createApiToken(database, { actor: await makeAdmin(database.db), name: "Limited" });
  const actor = await actorOfToken(database, bearer(made.token));
  if (!actor) throw new Error("the token is not known");

  await expect(createApiToken(database, { actor, name: "Child" })).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(revokeApiToken(database, { actor, id: made.id })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

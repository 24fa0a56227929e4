import { randomUUID } from "node:crypto";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { systemActor } from "../audit/actor";
import { ensureFirstAdmin } from "../auth/first-admin";
import { createDb, createPool } from "../database/db";
import { migrate } from "../database/migrate";
import { migrationNames, prismaFolder } from "../database/migration-files";
import { openForms } from "../forms/forms";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { withdrawConsent } from "../privacy/consents";
import { erasePerson } from "../privacy/erase";
import { eraseDue } from "../privacy/erase-due";
import { createQueue } from "../queue/queue";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createEmptyDatabase } from "../test/template";
import { restoreBackup } from "./restore";
import { writeBackup } from "./write";

const folder = makeTestFolder();
const log = createLog("silent");
const env = parseEnv({});
let database: TestDatabase;
let site: Awaited<ReturnType<typeof open>>;

/** A restore makes all tables anew, which connections of before do not know. */
async function open(url: string) {
  const pool = createPool(url, log, 2);
  const db = createDb(pool);
  const queue = await createQueue({ pool, log, supervise: false });
  const close = async () => {
    await queue.stop();
    await site.db.$disconnect();
    await pool.end();
  };
  const forms = await openForms({ db, log }, { follow: false });
  return { pool, db, queue, env, log, forms, close };
}
beforeAll(async () => {
  database = await createTestDatabase();
  site = await open(database.url);
});
afterAll(async () => {
  await site.close();
  await database.drop();
  removeTestFolder(folder);
});

const givenAt = new Date("2026-01-02T03:04:05Z");
const consent = (kind: string) => ({ kind, version: "1", locale: "ru", givenAt });
/** A restore of what was backed up before `since`, over the database in which that has happened. */
async function restoredOver(since: () => Promise<unknown>) {
  const file = join(folder, randomUUID());
  await writeBackup(site.pool, file);
  await since();
  await site.close();
  const outcome = await restoreBackup(database.url, file);
  site = await open(database.url);
  return outcome;
}
const person = (id: number) => site.db.user.findUniqueOrThrow({ where: { id } });

test("who was erased after the backup is erased again", async () => {
  const leaving = await makeUser(site.db, { firstName: "Leaving", email: "leaving@example.com" });
  const staying = await makeUser(site.db, { firstName: "Staying" });
  const { ended } = await restoredOver(() =>
    erasePerson(site, { actor: systemActor, userId: leaving.id, cause: "self" }),
  );
  expect(ended).toMatchObject({ erasures: 1 });
  expect(await person(leaving.id)).toMatchObject({ firstName: "Leaving", erasedAt: null });
  expect(await eraseDue(site)).toMatchObject({ erased: 1 });
  expect(await person(leaving.id)).toMatchObject({ firstName: "", erasedAt: expect.any(Date) });
  expect(await person(staying.id)).toMatchObject({ firstName: "Staying", erasedAt: null });
  expect(await site.db.erasure.findUnique({ where: { userId: leaving.id } })).toMatchObject({ cause: "restored" });
  expect(await eraseDue(site)).toMatchObject({ erased: 0 });
});

test("one who cannot be erased again keeps nobody else from it, and is erased by a later run", async () => {
  const [stuck, next] = [await makeUser(site.db), await makeUser(site.db)];
  await restoredOver(async () => {
    for (const { id } of [stuck, next]) await erasePerson(site, { actor: systemActor, userId: id, cause: "self" });
  });
  await site.pool.query(`
    create function refuse_one() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
    create trigger refuse_one before insert on "Erasure" for each row when (new."userId" = ${stuck.id})
      execute function refuse_one()`);
  expect(await eraseDue(site)).toMatchObject({ erased: 1 });
  expect([await person(stuck.id), await person(next.id)]).toMatchObject([
    { erasedAt: null },
    { erasedAt: expect.any(Date) },
  ]);
  await site.pool.query(`drop trigger refuse_one on "Erasure"; drop function refuse_one()`);
  expect(await eraseDue(site)).toMatchObject({ erased: 1 });
});

test("an administrator of the backup who was demoted and erased since is neither afterwards", async () => {
  const { id } = await makeUser(site.db, { role: "ADMIN" });
  const { ended } = await restoredOver(async () => {
    await site.db.user.update({ where: { id }, data: { role: "USER" } });
    await erasePerson(site, { actor: systemActor, userId: id, cause: "admin" });
  });
  expect(ended).toMatchObject({ erasures: 1, roles: 1 });
  await eraseDue(site);
  expect(await person(id)).toMatchObject({ role: "USER", erasedAt: expect.any(Date) });
});

test("a consent that was withdrawn after the backup stays withdrawn, and holds what was not sent yet", async () => {
  const [asked, imported, again] = await Promise.all([
    makeUser(site.db, { consents: { create: [consent("registration"), consent("news")] } }),
    makeUser(site.db),
    makeUser(site.db, { consents: { create: consent("news") } }),
  ]);
  const { ended } = await restoredOver(async () => {
    for (const { id } of [asked, imported]) await withdrawConsent(site, { actor: systemActor, userId: id });
    await withdrawConsent(site, { actor: systemActor, userId: again.id, kind: "news" });
    await site.db.consent.create({ data: { ...consent("news"), givenAt: new Date(), userId: again.id } });
  });
  expect(ended).toMatchObject({ consents: 2 });
  const withdrawn = async (userId: number, kind: string) =>
    (await site.db.consent.findFirst({ where: { userId, kind }, orderBy: { id: "desc" } }))?.withdrawnAt ?? null;
  expect(await withdrawn(asked.id, "registration")).toBeInstanceOf(Date);
  expect(await withdrawn(asked.id, "news")).toBeNull();
  expect(await withdrawn(imported.id, "registration")).toBeInstanceOf(Date);
  expect(await withdrawn(again.id, "news")).toBeNull();
  for (const { id } of [asked, imported])
    expect(await person(id)).toMatchObject({ crmState: "HELD", holds: ["consent"] });
  expect(await person(again.id)).toMatchObject({ holds: [] });
});

test("tokens, sessions and roles that ended after the backup stay ended, the others live on", async () => {
  const [kept, demoted] = await Promise.all([
    makeUser(site.db, { role: "ADMIN" }),
    makeUser(site.db, { role: "ADMIN" }),
  ]);
  const token = (name: string) => ({ name, hash: randomUUID(), userId: kept.id });
  const session = (id: string) => ({ id, userId: kept.id, expiresAt: new Date(Date.now() + 3_600_000) });
  await site.db.apiToken.createMany({ data: [token("used"), token("leaked")] });
  await site.db.session.createMany({ data: [session("here"), session("lost laptop")] });
  const { ended } = await restoredOver(async () => {
    await site.db.apiToken.updateMany({ where: { name: "leaked" }, data: { revokedAt: new Date() } });
    await site.db.session.delete({ where: { id: "lost laptop" } });
    await site.db.user.update({ where: { id: demoted.id }, data: { role: "USER" } });
    await site.db.auditEntry.create({ data: { actorKind: "SYSTEM", action: "role.change", targetId: demoted.id } });
  });
  expect(ended).toMatchObject({ tokens: 1, sessions: 1, roles: 1 });
  const tokens = await site.db.apiToken.findMany({ where: { userId: kept.id }, orderBy: { id: "asc" } });
  expect(tokens).toMatchObject([
    { name: "used", revokedAt: null },
    { name: "leaked", revokedAt: expect.any(Date) },
  ]);
  expect(await site.db.session.findMany({ where: { userId: kept.id } })).toMatchObject([{ id: "here" }]);
  expect([(await person(kept.id)).role, (await person(demoted.id)).role]).toEqual(["ADMIN", "USER"]);
  // By the entry a start knows that ADMIN_EMAIL is not to give the role again.
  expect(await site.db.auditEntry.findMany({ where: { action: "role.change", targetId: demoted.id } })).toMatchObject([
    { details: { role: "USER" } },
  ]);
});

test("the address of a first administrator who was made and gave it up since the backup makes none after the restore", async () => {
  await makeUser(site.db, { role: "ADMIN" });
  const first = parseEnv({ ADMIN_EMAIL: "since@example.com", ADMIN_PASSWORD: "environment password" });
  const start = () => ensureFirstAdmin({ db: site.db, env: first, log });
  await restoredOver(async () => {
    await start();
    await site.db.user.update({ where: { email: "since@example.com" }, data: { email: "other@example.com" } });
  });
  await start();
  expect(await site.db.user.count({ where: { email: "since@example.com" } })).toBe(0);
});

test("another installation's database says nothing of first administrators either", async () => {
  const { id } = await makeUser(site.db);
  const file = join(folder, randomUUID());
  await writeBackup(site.pool, file);
  const replaced = await createTestDatabase();
  onTestFinished(() => replaced.drop());
  await makeUser(replaced.db, { id, createdAt: new Date(0) });
  await replaced.db.firstAdmin.create({ data: { addressHash: "of another" } });
  await restoreBackup(replaced.url, file);
  const { rows } = await replaced.pool.query(`select 1 from "FirstAdmin" where "addressHash" = 'of another'`);
  expect(rows).toEqual([]);
});

test("another installation's database says nothing of the people of the backup, although they have the same numbers", async () => {
  const { id } = await makeUser(site.db, { firstName: "Same number" });
  const { ended } = await restoredOver(async () => {
    await site.db.user.delete({ where: { id } });
    await makeUser(site.db, { id, createdAt: new Date(0) });
    await erasePerson(site, { actor: systemActor, userId: id, cause: "self" });
  });
  expect(ended).toMatchObject({ erasures: 0 });
  expect(await person(id)).toMatchObject({ firstName: "Same number", erasedAt: null });
});

test("who was erased since a backup of a much earlier release is erased again, once the tables are of this one", async () => {
  // Before there were several kinds of consent.
  const early = (await migrationNames(prismaFolder())).filter((name) => name < "20261126202000");
  const old = join(folder, "old");
  for (const name of early)
    cpSync(join(prismaFolder(), "migrations", name), join(old, "migrations", name), { recursive: true });
  const earlier = await createEmptyDatabase(inject("template"));
  onTestFinished(() => earlier.drop());
  await migrate({ databaseUrl: earlier.url, log, folder: old });
  const inEarlier = async <T>(work: (pool: Pool) => Promise<T>) => {
    const pool = createPool(earlier.url, log, 1);
    return work(pool).finally(() => pool.end());
  };
  const file = join(folder, randomUUID());
  await inEarlier(async (pool) => {
    await pool.query(`insert into "User" (id, email, "firstName", phone, role) values
      (1, 'gone@example.com', 'Gone', '', 'ADMIN'), (2, 'here@example.com', 'Here', '', 'USER')`);
    await writeBackup(pool, file);
  });
  await migrate({ databaseUrl: earlier.url, log });
  await inEarlier((pool) =>
    pool.query(`
      update "User" set role = 'USER', "erasedAt" = now() where id = 1;
      insert into "FirstAdmin" ("addressHash") values ('of the first administrator')`),
  );

  // The second time over the first one's early tables, as if that had been interrupted.
  for (const _ of ["interrupted", "whole"])
    expect((await restoreBackup(earlier.url, file)).ended).toMatchObject({ erasures: 1, roles: 1 });
  await migrate({ databaseUrl: earlier.url, log });
  const restored = await open(earlier.url);
  expect(await eraseDue(restored)).toMatchObject({ erased: 1 });
  expect(await restored.db.user.findMany({ orderBy: { id: "asc" } })).toMatchObject([
    { firstName: "", role: "USER", erasedAt: expect.any(Date) },
    { firstName: "Here", erasedAt: null },
  ]);
  expect(await restored.db.firstAdmin.findMany()).toMatchObject([{ addressHash: "of the first administrator" }]);
  await restored.queue.stop();
  await restored.db.$disconnect();
  await restored.pool.end();
});

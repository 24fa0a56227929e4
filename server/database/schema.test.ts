import { expect, inject, onTestFinished, test } from "vitest";
import { createLog } from "../platform/log";
import { createQueue, queueSchemaOf } from "../queue/queue";
import { makeUser } from "../test/factories";
import { createEmptyDatabase } from "../test/template";
import { LeaderLock } from "../worker/leader-lock";
import { quoteName } from "./address";
import { createDb, createPool } from "./db";
import { migrate, migrationsApplied } from "./migrate";

const log = createLog("silent");

/** A database in which installations are opened side by side, each in a schema of its own or in none. */
async function setup() {
  const database = await createEmptyDatabase(inject("template"));
  const closes: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const close of closes.reverse()) await close();
    await database.drop();
  });
  const open = async (schema: string | null, base = database.url) => {
    const url = schema === null ? base : `${base}?schema=${encodeURIComponent(schema)}`;
    const { applied } = await migrate({ databaseUrl: url, log });
    const pool = createPool(url, log);
    closes.push(() => pool.end());
    const db = createDb(pool);
    closes.push(() => db.$disconnect());
    const queue = await createQueue({ pool, log, supervise: false });
    closes.push(() => queue.stop());
    return { url, pool, db, queue, applied };
  };
  const admin = createPool(database.url, log);
  closes.push(() => admin.end());
  return { url: database.url, open, admin, closes };
}

const trigramIndex = (schema: string) =>
  `select 1 from pg_indexes where schemaname = '${schema}' and indexdef like '%gin_trgm_ops%'`;

test.each(["crm", "My CRM", "Crm", "a\\b'; c", "User", "схема", "x".repeat(63)])(
  "an installation in the schema %s has all its tables there, and its queue beside it",
  async (schema) => {
    const { open, admin } = await setup();
    const { db, pool, queue } = await open(schema);

    expect(await migrationsApplied(pool)).toBe(true);
    const { id } = await makeUser(db);
    await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", id));
    expect(await db.$queryRaw`select count(*)::int as jobs from ${queue.jobs}`).toEqual([{ jobs: 1 }]);
    expect(await queue.fetch("crm-registration", 1)).toMatchObject([{ userId: id }]);
    expect(await db.$queryRaw`select sum("registrations")::int as count from "StatisticDelta"`).toEqual([{ count: 1 }]);

    const { rows } = await admin.query(
      `select distinct table_schema as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    );
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set([schema, queueSchemaOf(schema)]));
  },
);

test("no two schemas share a queue, whatever their names have in common", () => {
  const names = ["public", "crm", "Crm", "CRM", "my crm", "my_crm", "1", "x".repeat(41), "x".repeat(42), "схема"];
  expect(new Set(names.map(queueSchemaOf)).size).toBe(names.length);
  for (const name of names) expect(queueSchemaOf(name)).toMatch(/^pgboss[a-z0-9_]{0,43}$/);
});

test("installations in one database, one of them without a schema, know nothing of each other", async () => {
  const { open } = await setup();
  const installations = [await open(null), await open("crm"), await open("shop")];
  for (const [index, { db, queue }] of installations.entries()) {
    // The same number in each.
    const { id } = await makeUser(db, { email: `person-${index}@example.com` });
    expect(id).toBe(1);
    await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", id));
  }
  for (const [index, { db, pool, queue }] of installations.entries()) {
    const people = [{ email: `person-${index}@example.com` }];
    expect(await db.user.findMany({ select: { email: true } })).toEqual(people);
    expect((await pool.query('select email from "User"')).rows).toEqual(people);
    expect(await queue.fetch("crm-registration", 10)).toHaveLength(1);
    expect(await queue.fetch("crm-registration", 10)).toHaveLength(0);
  }
});

test("SQL by hand with the search path of another installation changes nothing, and says what to begin with", async () => {
  const { open, admin } = await setup();
  const [first, crm] = [await open(null), await open("crm")];
  await first.db.webhook.create({
    data: { url: "https://example.com/", events: ["registration.failed"], sealedSecret: "sealed", createdById: 1 },
  });
  // The same number in both.
  await makeUser(first.db);
  const { id } = await makeUser(crm.db);
  const fail = `update crm."User" set "crmState" = 'FAILED', "crmError" = 'UNFIT'`;
  await expect(admin.query(fail)).rejects.toMatchObject({ hint: "Begin with: set search_path = crm" });
  expect(await first.db.webhookDelivery.count()).toBe(0);
  await admin.query(`begin; set local search_path = crm; ${fail}; commit`);
  expect(await crm.db.user.findUnique({ where: { id }, select: { crmState: true } })).toEqual({ crmState: "FAILED" });
  expect(await first.db.webhookDelivery.count()).toBe(0);
});

test("each installation of a database has a leader of its own, woken by its own jobs", async () => {
  const { open, closes } = await setup();
  const woken: string[] = [];
  const lead = async (schema: string | null) => {
    const { url, db, queue } = await open(schema);
    const leaderLock = new LeaderLock(url, log);
    closes.push(() => leaderLock.release());
    leaderLock.onWake(() => woken.push(schema ?? "none"));
    expect(await leaderLock.tryAcquire()).toBe(true);
    const rival = new LeaderLock(url, log);
    closes.push(() => rival.release());
    expect(await rival.tryAcquire()).toBe(false);
    return () =>
      db.$transaction(async (tx) => queue.enqueue(tx, "crm-registration", (await makeUser(tx as typeof db)).id));
  };
  const [register, registerInCrm] = [await lead(null), await lead("crm")];
  await registerInCrm();
  await expect.poll(() => woken).toEqual(["crm"]);
  await register();
  await expect.poll(() => woken).toEqual(["crm", "none"]);
});

test("installations that start at once in one empty database make all that each needs", async () => {
  const { open, admin } = await setup();
  const schemas = ["crm", "shop", "school"];
  const opened = await Promise.all(schemas.map((schema) => open(schema)));
  expect(new Set(opened.map(({ applied }) => applied.length)).size).toBe(1);
  for (const schema of schemas) expect((await admin.query(trigramIndex(schema))).rowCount).toBe(1);
});

test("schema=public, and an empty one, is where everything is without it", async () => {
  const { open, admin } = await setup();
  const { db } = await open(null);
  await makeUser(db, { email: "a@example.com" });
  for (const schema of ["public", ""]) {
    const named = await open(schema);
    expect(named.applied).toEqual([]);
    expect(await named.db.user.findMany({ select: { email: true } })).toEqual([{ email: "a@example.com" }]);
  }
  const { rows } = await admin.query("select nspname from pg_namespace where nspname like 'pgboss%'");
  expect(rows).toEqual([{ nspname: "pgboss" }]);
});

test("a schema of the role's own name takes nothing away from an installation without one", async () => {
  const { open, admin } = await setup();
  const role = (await admin.query<{ name: string }>("select current_user as name")).rows[0]?.name ?? "";
  const first = await open(null);
  await admin.query(`create schema ${quoteName(role)}; create table ${quoteName(role)}."User" (email text)`);
  await makeUser(first.db, { email: "a@example.com" });
  const { pool, applied } = await open(null);
  expect(applied).toEqual([]);
  expect((await pool.query('select email from "User"')).rows).toEqual([{ email: "a@example.com" }]);
});

test("an extension that stands in a schema of its own is found there", async () => {
  const { open, admin } = await setup();
  await admin.query(
    "create schema theirs; create extension pg_trgm with schema theirs; create table theirs.log (id int)",
  );
  for (const schema of [null, "crm"]) {
    await open(schema);
    expect((await admin.query(trigramIndex(schema ?? "public"))).rowCount).toBe(1);
  }
});

test("the extension stays when the installation that came first is removed", async () => {
  const { open, admin } = await setup();
  await open("crm");
  const { db } = await open("shop");
  await admin.query("drop schema crm cascade; drop schema pgboss_crm cascade");
  await makeUser(db);
  expect((await admin.query(trigramIndex("shop"))).rowCount).toBe(1);
});

test("roles that may put nothing into the public schema install side by side", async () => {
  const { open, admin, url, closes } = await setup();
  await admin.query("revoke create on schema public from public");
  for (const schema of ["crm", "shop"]) {
    const role = `role_${crypto.randomUUID().replaceAll("-", "_")}`;
    await admin.query(`create role ${role} login password 'secret'`);
    closes.splice(1, 0, async () => {
      await admin.query(`drop owned by ${role} cascade; drop role ${role}`);
    });
    await admin.query(`grant create, connect on database ${quoteName(new URL(url).pathname.slice(1))} to ${role}`);
    const own = Object.assign(new URL(url), { username: role, password: "secret" });
    await makeUser((await open(schema, own.href)).db);
    expect((await admin.query(trigramIndex(schema))).rowCount).toBe(1);
  }
});

test("a schema with tables of another program is never taken for an empty one", async () => {
  const { admin, url } = await setup();
  await admin.query("create schema theirs; create table theirs.people (id int)");
  await expect(migrate({ databaseUrl: `${url}?schema=theirs`, log })).rejects.toMatchObject({ code: "P3005" });
  expect((await admin.query("select * from theirs.people")).rows).toEqual([]);
});

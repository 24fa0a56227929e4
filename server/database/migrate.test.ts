import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import { createLog } from "../platform/log";
import { compileScript } from "../test/compile";
import { blocked, createTestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createEmptyDatabase } from "../test/template";
import { createPool } from "./db";
import { migrate, migrationsApplied } from "./migrate";
import { readMigrations } from "./migration-files";

const log = createLog("silent");
const product = join(import.meta.dirname, "../../prisma");

/** A database without tables, and a copy of the product's migrations to tamper with. */
async function setup() {
  const folder = makeTestFolder();
  for (const name of ["schema.prisma", "migrations"])
    cpSync(join(product, name), join(folder, name), { recursive: true });
  const database = await createEmptyDatabase(inject("template"));
  const pool = createPool(database.url, log);
  onTestFinished(async () => {
    removeTestFolder(folder);
    await pool.end();
    await database.drop();
  });
  const addMigration = (name: string, sql: string) => {
    mkdirSync(join(folder, "migrations", name));
    writeFileSync(join(folder, "migrations", name, "migration.sql"), sql);
  };
  return {
    folder,
    pool,
    url: database.url,
    addMigration,
    run: () => migrate({ databaseUrl: database.url, log, folder }),
  };
}

test("applies the product's migrations, and then finds nothing to do", async () => {
  const { pool, url } = await setup();
  expect(await migrationsApplied(pool)).toBe(false);

  const { applied } = await migrate({ databaseUrl: url, log });
  expect(applied[0]).toBe("20261122000000_init");
  expect(await migrate({ databaseUrl: url, log })).toEqual({ applied: [] });

  expect(await migrationsApplied(pool)).toBe(true);
  expect((await pool.query('select count(*)::int as rows from "CrmPortal"')).rows).toEqual([{ rows: 1 }]);
});

test("several processes that start at once apply each migration once", async () => {
  const { pool, url } = await setup();
  const script = `
    import { createLog } from "../platform/log";
    import { migrate } from "./migrate";
    const { applied } = await migrate({ databaseUrl: ${JSON.stringify(url)}, log: createLog("silent") });
    console.log(applied.length > 0 ? "applied" : "waited");
  `;
  const program = await compileScript(script, import.meta.dirname);
  const outcomes = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const child = spawn(process.execPath, [program], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.on("data", (text) => {
        said += text;
      });
      await once(child, "close");
      return said.trim();
    }),
  );

  expect(outcomes).toContain("applied");
  const { rows } = await pool.query("select migration_name from _prisma_migrations");
  expect(new Set(rows.map((row) => row.migration_name)).size).toBe(rows.length);
});

test("a new migration is applied to a database that has the others", async () => {
  const { pool, folder, addMigration, run } = await setup();
  await run();
  addMigration("29990101000000_more", 'create table "More" (id int);');
  expect(await migrationsApplied(pool, folder)).toBe(false);

  expect(await run()).toEqual({ applied: ["29990101000000_more"] });
  expect(await migrationsApplied(pool, folder)).toBe(true);
});

test("a semicolon inside a function or a string ends no statement", async () => {
  const { pool, addMigration, run } = await setup();
  await run();
  addMigration(
    "29990101000000_function",
    `create function one() returns int language plpgsql as $$ begin return 1; end $$;
     create table "Text" as select 'a;b' as value;`,
  );
  await run();

  expect((await pool.query('select one(), value from "Text"')).rows).toEqual([{ one: 1, value: "a;b" }]);
});

test("refuses a migration that was edited after it was applied", async () => {
  const { folder, run } = await setup();
  await run();
  appendFileSync(join(folder, "migrations/20261122000000_init/migration.sql"), "\n-- Edited.\n");

  await expect(run()).rejects.toThrow("edited after they were applied: 20261122000000_init");
});

test("a migration that fails says why, leaves nothing, and waits to be mended", async () => {
  const { folder, pool, addMigration, run } = await setup();
  const name = "29990101000000_broken";
  await run();
  addMigration(name, 'create table "Half" (id int); alter table "NoSuchTable" add column a int;');

  await expect(run()).rejects.toThrow(/NoSuchTable[\s\S]*29990101000000_broken/);
  expect((await pool.query(`select to_regclass('"Half"') as half`)).rows).toEqual([{ half: null }]);
  await expect(run()).rejects.toThrow(`Migrations failed: ${name}`);
  expect(await migrationsApplied(pool, folder)).toBe(false);

  await pool.query("delete from _prisma_migrations where migration_name = $1", [name]);
  writeFileSync(join(folder, "migrations", name, "migration.sql"), 'create table "Half" (id int);');
  expect(await run()).toEqual({ applied: [name] });
});

/** A migration that fails at its first run as if for this reason: a sequence does not come back with the transaction. */
const failingOnce = (code: string) => `create table "Late" (id int);
  do $$ begin if nextval('tries') = 1 then raise exception 'hindered' using errcode = '${code}'; end if; end $$;`;

test.each(["40P01", "40001", "55P03"])(
  "a migration that loses its locks to others (%s) is tried again in the same start",
  async (code) => {
    const { pool, addMigration, run } = await setup();
    await run();
    await pool.query("create sequence tries");
    addMigration("29990101000000_late", failingOnce(code));
    expect(await run()).toEqual({ applied: ["29990101000000_late"] });
  },
);

test.each(["57014", "53100", "57P03"])(
  "a migration that fails for a passing reason (%s) is applied by the next start",
  async (code) => {
    const { pool, addMigration, run } = await setup();
    await run();
    await pool.query("create sequence tries");
    addMigration("29990101000000_late", failingOnce(code));
    await expect(run()).rejects.toThrow("hindered: the migration 29990101000000_late was undone.");
    expect(await run()).toEqual({ applied: ["29990101000000_late"] });
  },
);

test("a migration is applied once, whatever becomes of other sessions meanwhile", async () => {
  const { pool, addMigration, run } = await setup();
  await run();
  addMigration("29990101000000_once", 'create table "Once" (id int); alter table "Form" add column more int;');
  const reader = await pool.connect();
  onTestFinished(() => reader.release());
  await reader.query("begin");
  await reader.query('lock table "Form" in access share mode');
  const first = run();
  await expect.poll(() => blocked({ pool })).toBe(1);
  // As a pooler or an operator does with sessions that are idle in a transaction.
  await pool.query(`select pg_terminate_backend(l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.granted and a.state = 'idle in transaction' and a.datname = current_database()`);
  const second = run();
  await expect.poll(() => blocked({ pool })).toBe(2);
  await reader.query("commit");
  expect([(await first).applied, (await second).applied].sort()).toEqual([[], ["29990101000000_once"]]);
  const { rows } = await pool.query("select finished_at from _prisma_migrations where migration_name like '%_once'");
  expect(rows).toEqual([{ finished_at: expect.any(Date) }]);
});

test("an older release runs on the database of a newer one", async () => {
  const { folder, addMigration, run } = await setup();
  addMigration("29990101000000_newer", 'create table "Newer" (id int);');
  await run();
  rmSync(join(folder, "migrations/29990101000000_newer"), { recursive: true });

  expect(await run()).toEqual({ applied: [] });
});

test("refuses a database that took another way", async () => {
  const { folder, addMigration, run } = await setup();
  addMigration("29990101000000_theirs", 'create table "Theirs" (id int);');
  await run();
  rmSync(join(folder, "migrations/29990101000000_theirs"), { recursive: true });
  addMigration("29990102000000_ours", 'create table "Ours" (id int);');

  await expect(run()).rejects.toThrow(/29990101000000_theirs.*29990102000000_ours/);
});

test("never takes a foreign database with tables of its own for an empty one", async () => {
  const { pool, run } = await setup();
  await pool.query("create table theirs (id int)");

  await expect(run()).rejects.toMatchObject({ code: "P3005" });
});

test("a database that Prisma's engine has made goes on from where it was, with everything in it", async () => {
  const { pool, folder, url, run } = await setup();
  const files = await readMigrations(folder);
  // The engine's own table and rows, one of them of an attempt that an operator has marked as rolled back.
  await pool.query(`create table _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
  const record = (name: string, sql: string, ...[finished, rolledBack, logs]: (Date | string | null)[]) =>
    pool.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, logs, rolled_back_at, applied_steps_count)
       values (gen_random_uuid()::text, encode(sha256(convert_to($2, 'UTF8')), 'hex'), $3, $1, $5, $4, 1)`,
      [name, sql, finished, rolledBack, logs],
    );
  const [done, missing] = [files.slice(0, 9), files.slice(9)];
  for (const { name, sql } of done) {
    await pool.query(sql);
    await record(name, sql, new Date(), null, null);
  }
  await record(missing[0]?.name ?? "", "an earlier text", null, new Date(), "ERROR: out of disk");
  await pool.query(`insert into "User" (email, "firstName", phone) values ('old@example.com', 'Анна', '+79161234567')`);

  expect(await migrationsApplied(pool, folder)).toBe(false);
  expect((await run()).applied).toEqual(missing.map(({ name }) => name));
  expect(await run()).toEqual({ applied: [] });

  expect(await migrationsApplied(pool, folder)).toBe(true);
  expect((await pool.query('select email from "User"')).rows).toEqual([{ email: "old@example.com" }]);
  const fresh = await createTestDatabase();
  onTestFinished(() => fresh.drop());
  expect(await columnsOf(url)).toEqual(await columnsOf(fresh.url));
});

async function columnsOf(url: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
     where table_schema = 'public' order by 1, 2`,
  );
  await client.end();
  return rows;
}

test("a process that ends in the middle of a migration leaves nothing, and the next one applies it", async () => {
  const { folder, pool, addMigration, run } = await setup();
  const name = "29990101000000_long";
  await run();
  addMigration(name, 'create table "Half" (id int); select pg_sleep(600);');
  const interrupted = expect(run()).rejects.toThrow();
  const end = () =>
    pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`);
  await expect.poll(async () => (await end()).rowCount).toBe(1);
  await interrupted;

  writeFileSync(join(folder, "migrations", name, "migration.sql"), 'create table "Half" (id int);');
  expect(await run()).toEqual({ applied: [name] });
});

test("a checkout with other line ends has the same migrations", async () => {
  const { folder, run } = await setup();
  await run();
  for (const { name, sql } of await readMigrations(folder))
    writeFileSync(join(folder, "migrations", name, "migration.sql"), sql.replaceAll("\n", "\r\n"));

  expect(await run()).toEqual({ applied: [] });
});

test("a migration of a newer release that has failed keeps the older one running", async () => {
  const { folder, addMigration, run } = await setup();
  await run();
  addMigration("29990101000000_newer", "select no_such_thing;");
  await expect(run()).rejects.toThrow(/no_such_thing/);
  rmSync(join(folder, "migrations/29990101000000_newer"), { recursive: true });

  expect(await run()).toEqual({ applied: [] });
});

test("the migrations make every table and column that schema.prisma tells the client of", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const readers = Object.values(Prisma.ModelName).map((model) => {
    const name = `${model[0]?.toLowerCase()}${model.slice(1)}`;
    return [model, (database.db as unknown as Record<string, { findFirst(): Promise<unknown> }>)[name]] as const;
  });
  expect(readers.length).toBeGreaterThan(20);
  for (const [model, reader] of readers) expect(await reader?.findFirst(), model).toBeDefined();
});

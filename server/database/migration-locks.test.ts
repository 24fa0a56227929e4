import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { createLog } from "../platform/log";
import { blocked } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createEmptyDatabase } from "../test/template";
import { createPool } from "./db";
import { migrate } from "./migrate";
import { type MigrationFile, readMigrations } from "./migration-files";

const log = createLog("silent");
const product = join(import.meta.dirname, "../../prisma");

/** A database before the migration of the given name; `later` are those that it lacks. */
async function before(first: string) {
  const folder = makeTestFolder();
  const database = await createEmptyDatabase(inject("template"));
  const pool = createPool(database.url, log);
  onTestFinished(async () => {
    removeTestFolder(folder);
    await pool.end();
    await database.drop();
  });
  for (const name of ["schema.prisma", "migrations"])
    cpSync(join(product, name), join(folder, name), { recursive: true });
  const later = (await readMigrations(folder)).filter(({ name }) => name >= first);
  const move = (file: MigrationFile, from: string, to: string) =>
    renameSync(join(folder, from, file.name), join(folder, to, file.name));
  cpSync(join(folder, "schema.prisma"), join(folder, "later/schema.prisma"));
  for (const file of later) move(file, "migrations", "later");
  const run = () => migrate({ databaseUrl: database.url, log, folder });
  await run();
  return {
    pool,
    later,
    upgrade: () => {
      for (const file of later) move(file, "later", "migrations");
      return run();
    },
  };
}

/** The tables that are locked against writing, and of them those against reading, of those that stood there before. */
const lockedTables = `
  select c.relname as table, bool_or(l.mode = 'AccessExclusiveLock') as "isUnreadable"
  from pg_locks l join pg_class c on c.oid = l.relation
  where l.pid = pg_backend_pid() and l.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    and c.relkind = 'r' and c.oid::int8 = any($1::int8[])
  group by 1`;

test("a migration that locks a table against reading locks no other, since it keeps that lock while it waits for the next", async () => {
  const { pool, later } = await before("20261126234000");
  expect(later.length).toBeGreaterThan(5);
  await pool.query(`insert into "Form" (id, slug, name) values (2, 'second', 'Second')`);
  await pool.query(
    `insert into "User" (email, "firstName", phone, "formId")
     select n || '@example.com', 'Анна', '+7900', nullif(n % 3, 0) from generate_series(1, 6) n`,
  );
  const client = await pool.connect();
  onTestFinished(() => client.release());
  for (const { name, sql } of later) {
    const { rows } = await client.query(`select oid::int8 as oid from pg_class where relkind = 'r'`);
    await client.query("begin");
    await client.query(sql);
    const locked = await client.query(lockedTables, [rows.map(({ oid }) => oid)]);
    await client.query("commit");
    const unreadable = locked.rows.filter(({ isUnreadable }) => isUnreadable);
    if (unreadable.length > 0) expect(locked.rows, name).toHaveLength(1);
    if (name.endsWith("_form_statistic_counts")) expect(unreadable).toEqual([]);
  }
  const counts = await client.query(
    `select "formId", sum(registrations)::int as people from "DailyStatistic" group by 1 order by 1`,
  );
  expect(counts.rows).toEqual([
    { formId: 1, people: 4 },
    { formId: 2, people: 2 },
  ]);
});

test.each([
  ["has locked its person", `select 1 from "User" where id = $1 for update`],
  ["has written to its person", `update "User" set "firstName" = 'Ольга' where id = $1`],
])("an upgrade and a payment that %s come to an end, and the payment counts", async (_state, begun) => {
  const { pool, upgrade } = await before("20261126234600");
  const { rows } = await pool.query(
    `insert into "User" (email, "firstName", phone) values ('a@example.com', 'Анна', '+7900') returning id`,
  );
  const payment = await pool.connect();
  onTestFinished(() => payment.release());
  await payment.query("begin");
  await payment.query(begun, [rows[0].id]);
  let isOver = false;
  const upgrading = upgrade().finally(() => {
    isOver = true;
  });
  await expect.poll(async () => isOver || (await blocked({ pool })) === 1).toBe(true);
  await payment.query(`update "User" set "isPaid" = true, "paidAt" = now() where id = $1`, [rows[0].id]);
  await payment.query("commit");
  await upgrading;
  const { rows: counts } = await pool.query(
    `select sum(paid)::int as paid, sum(payments)::int as payments from (
       select paid, payments from "DailyStatistic" union all select paid, payments from "StatisticDelta") c`,
  );
  expect(counts).toEqual([{ paid: 1, payments: 1 }]);
});

test("an upgrade that waits for a report on a table holds up nothing else for long, and is done once the report is", async () => {
  const { pool, upgrade } = await before("20261127093000_user_inserted_at");
  const report = await pool.connect();
  onTestFinished(() => report.release());
  await report.query("begin");
  await report.query(`select count(*) from "User"`);
  const upgrading = upgrade();
  await expect.poll(() => blocked({ pool })).toBe(1);
  // A page that is asked for meanwhile, queued behind the upgrade.
  await pool.query(`select count(*) from "User"`);
  await report.query("commit");
  expect((await upgrading).applied.length).toBeGreaterThan(0);
});

test("the time at which a row was made is kept from now on, without writing the people of before anew", async () => {
  const { pool, upgrade } = await before("20261127093000_user_inserted_at");
  const insert = (name: string) =>
    pool.query(`insert into "User" (email, "firstName", phone) values ($1, 'Анна', '+7900')`, [`${name}@example.com`]);
  const file = async () => (await pool.query(`select pg_relation_filenode('"User"') as file`)).rows;
  await insert("before");
  const written = await file();
  await upgrade();
  await insert("after");
  expect(await file()).toEqual(written);
  const { rows } = await pool.query(`select "insertedAt" is null as unknown from "User" order by id`);
  expect(rows).toEqual([{ unknown: true }, { unknown: false }]);
});

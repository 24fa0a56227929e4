import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Pool } from "pg";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { checkBackup } from "../backup/read";
import { applicationNames } from "../database/address";
import { createDb, createPool, type Db } from "../database/db";
import { schemaOf } from "../platform/database-schema";
import { createLog } from "../platform/log";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { holdShape, saysThatItWaits } from "../test/held-shape";
import { createEmptyDatabase } from "../test/template";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

async function start(
  command: "backup" | "restore",
  databaseUrl: string,
  args: string[],
  more: Record<string, string> = {},
) {
  const program = await compileFile(join(import.meta.dirname, `commands/${command}.ts`));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: databaseUrl, LOG_LEVEL: "error", ...more },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = Promise.all([once(child, "exit"), text(child.stderr), text(child.stdout)]).then(
    ([[code], errors, said]) => ({ code, errors, said }),
  );
  return { child, ended };
}
const run = async (...given: Parameters<typeof start>) => (await start(...given)).ended;
const backUp = (databaseUrl: string, file: string) => run("backup", databaseUrl, [file]);

test("a backup by the files of a newer release leaves the database as the running one needs it, and can be restored by that", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const names = async () => {
    const { rows } = await database.pool.query("select migration_name as name from _prisma_migrations order by 1");
    return rows.map(({ name }) => name);
  };
  const [newest] = (await names()).slice(-1);
  await database.pool.query("delete from _prisma_migrations where migration_name = $1", [newest]);
  const before = await names();

  const file = join(folder, "older.backup");
  expect(await backUp(database.url, file)).toMatchObject({ code: 0, errors: "" });
  expect(await names()).toEqual(before);
  expect((await checkBackup(file)).migrations).toEqual(before);
});

test("a mistyped option of a backup is not taken for the name of its file", async () => {
  const { code, errors } = await backUp("postgres://127.0.0.1:1/app", "--hepl");
  expect({ code, errors }).toEqual({ code: 2, errors: "Unknown option '--hepl'.\nUsage: npm run backup -- FILE\n" });
});

test("a database without an installation is not backed up, and the command says so", async () => {
  const database = await createEmptyDatabase(inject("template"));
  onTestFinished(() => database.drop());
  const file = join(folder, "nothing.backup");
  const { code, errors } = await backUp(database.url, file);
  expect(code).toBe(1);
  expect(errors).toContain("holds no installation");
  expect(existsSync(file)).toBe(false);
});

test("a backup and a restore that wait for another process say so", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const file = join(folder, "waiting.backup");
  // The restore counts no connection of another installation.
  const other = createPool(`${database.url}?schema=other`, createLog("silent"), 1);
  onTestFinished(() => other.end());
  for (const [command, args] of [
    ["backup", [file]],
    ["restore", [file, "--replace"]],
  ] as const) {
    const letGo = await holdShape(other);
    const { child, ended } = await start(command, database.url, [...args]);
    await saysThatItWaits(child);
    await letGo();
    expect(await ended).toMatchObject({ code: 0 });
  }
});

/** Ends the connections of a pool; a busy server lists them for a while after, and the command refuses a database in use. */
async function closed(db: Db, pool: Pool, databaseUrl: string): Promise<void> {
  await db.$disconnect();
  await pool.end();
  // As another installation's, whose connections count nowhere.
  const watch = createPool(`${databaseUrl}?schema=watch`, createLog("silent"), 1);
  onTestFinished(() => watch.end());
  const { own } = applicationNames(schemaOf(databaseUrl));
  await expect
    .poll(async () => {
      const { rows } = await watch.query(
        `select pid from pg_stat_activity where datname = current_database() and application_name = any($1)`,
        [own],
      );
      return rows.length;
    })
    .toBe(0);
}

test("a backup that is ended by its supervisor removes what it has written of people", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const holder = await database.pool.connect();
  onTestFinished(() => holder.release(true));
  await holder.query(`begin; lock table "User" in access exclusive mode`);
  const own = makeTestFolder();
  onTestFinished(() => removeTestFolder(own));
  const { child, ended } = await start("backup", database.url, [join(own, "ended.backup")]);
  await expect.poll(() => readdirSync(own)).toEqual([expect.stringMatching(/^ended\.backup\.unfinished-\d+$/)]);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 1, errors: expect.stringContaining("the backup was asked to stop") });
  expect(readdirSync(own)).toEqual([]);
});

test("a restore erases again who had been erased after the backup, before it ends, even the former first administrator", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const file = join(folder, "people.backup");
  // Of its own, and closed: the command refuses while a site is connected.
  const before = createPool(database.url, createLog("silent"), 1);
  const db = createDb(before);
  const { id, email } = await makeUser(db, { firstName: "Leaving", role: "ADMIN" });
  expect(await backUp(database.url, file)).toMatchObject({ code: 0 });
  await db.user.update({ where: { id }, data: { erasedAt: new Date(), role: "USER" } });
  await closed(db, before, database.url);

  const first = { ADMIN_EMAIL: email, ADMIN_PASSWORD: "environment password" };
  const { code, errors, said } = await run("restore", database.url, [file, "--replace"], first);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(said).toContain(`, with numbers up to ${id}: higher ones are given out again.`);
  expect(said).toContain("people erased: 1");
  expect(said).toContain("There is no administrator. When the site starts, it makes ADMIN_EMAIL one.");
  const { rows } = await database.pool.query(
    `select "firstName", cause, role from "User" join "Erasure" on "userId" = id`,
  );
  expect(rows).toEqual([{ firstName: "", cause: "restored", role: "USER" }]);
});

test("a restore that cannot erase again says that the backup is restored, and the next one knows whom to erase", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const file = join(folder, "hindered.backup");
  const before = createPool(database.url, createLog("silent"), 1);
  const db = createDb(before);
  const { id } = await makeUser(db, { firstName: "Leaving" });
  expect(await backUp(database.url, file)).toMatchObject({ code: 0 });
  await db.user.update({ where: { id }, data: { erasedAt: new Date() } });
  // The restore drops the queue's schema; the services that erase make it anew.
  await before.query(`
    create schema hindrance;
    create function hindrance.refuse() returns event_trigger language plpgsql as $$ begin raise exception 'hindered'; end $$;
    create event trigger refuse on ddl_command_start when tag in ('CREATE SCHEMA') execute function hindrance.refuse()`);
  await closed(db, before, database.url);

  const hindered = await run("restore", database.url, [file, "--replace"]);
  expect(hindered).toMatchObject({ code: 1, errors: expect.stringContaining("The backup was restored, but") });
  const after = createPool(database.url, createLog("silent"), 1);
  await after.query("drop event trigger refuse");
  await closed(createDb(after), after, database.url);

  const { code, said } = await run("restore", database.url, [file, "--replace"]);
  expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining("people erased: 1") });
  expect(said).toContain("There is no administrator. Create one: npm run admin -- create EMAIL");
  const { rows } = await database.pool.query(`select "firstName", cause from "User" join "Erasure" on "userId" = id`);
  expect(rows).toEqual([{ firstName: "", cause: "restored" }]);
});

import { cpSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "../database/migrate";
import { prismaFolder } from "../database/migration-files";
import { whileShapeStays } from "../database/migration-lock";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { writeBackup } from "./write";

const log = createLog("silent");

async function setup() {
  const folder = makeTestFolder();
  const database = await createTestDatabase();
  onTestFinished(async () => {
    await database.drop();
    removeTestFolder(folder);
  });
  return { folder, database, file: join(folder, "people.backup") };
}

/** A newer release with a migration that rewrites the table of people. */
function newerRelease(folder: string): string {
  const release = join(folder, "newer");
  cpSync(join(prismaFolder(), "migrations"), join(release, "migrations"), { recursive: true });
  const migration = join(release, "migrations/29990101000000_stored");
  mkdirSync(migration);
  const sql = `alter table "User" add column more text generated always as ("firstName") stored;`;
  writeFileSync(join(migration, "migration.sql"), sql);
  return release;
}

/** Holds up a backup at its first table, until the returned function is called. */
async function holdUp({ pool }: TestDatabase): Promise<() => Promise<void>> {
  const client = await pool.connect();
  // With its transaction, also where the test fails.
  onTestFinished(() => client.release(true));
  await client.query("begin");
  await client.query(`lock table "Alert" in access exclusive mode`);
  return async () => void (await client.query("commit"));
}

test("a backup beside an upgrade that writes a table anew holds that table's rows, and the upgrade goes on after it", async () => {
  const { folder, database, file } = await setup();
  await makeUser(database.db);
  const letGo = await holdUp(database);
  const writing = writeBackup(database.pool, file);
  await expect.poll(() => blocked(database)).toBe(1);
  let isOver = false;
  const upgrading = migrate({ databaseUrl: database.url, log, folder: newerRelease(folder) }).finally(() => {
    isOver = true;
  });
  await expect.poll(async () => isOver || (await blocked(database)) === 2).toBe(true);
  await letGo();
  expect(await writing).toMatchObject({ User: 1 });
  expect(await upgrading).toEqual({ applied: ["29990101000000_stored"] });
});

test("a start that has nothing to apply does not wait for a backup", async () => {
  const { database, file } = await setup();
  const letGo = await holdUp(database);
  const writing = writeBackup(database.pool, file);
  await expect.poll(() => blocked(database)).toBe(1);
  expect(await migrate({ databaseUrl: database.url, log })).toEqual({ applied: [] });
  await letGo();
  await writing;
});

test("a start that waits for a backup says so", async () => {
  const { folder, database, file } = await setup();
  const letGo = await holdUp(database);
  const writing = writeBackup(database.pool, file);
  await expect.poll(() => blocked(database)).toBe(1);
  const told: unknown[] = [];
  const listening = Object.assign(createLog("silent"), { warn: (...words: unknown[]) => told.push(words.at(-1)) });
  const upgrading = migrate({ databaseUrl: database.url, log: listening, folder: newerRelease(folder) });
  await expect.poll(() => told).toContain("the start waits for migrations, a backup or a restore by another process");
  await letGo();
  await Promise.all([writing, upgrading]);
});

test("the session that keeps migrations away during a backup is never silent for long, so that no pooler cuts it", async () => {
  const { database } = await setup();
  const signs = async () => {
    const { rows } = await database.pool.query(
      `select pid from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction' and query = 'select 1'`,
    );
    return rows.length;
  };
  const backup = () => expect.poll(signs).toBe(1);
  await whileShapeStays(database.url, backup, { betweenSignsMs: 20 });
  expect(await signs()).toBe(0);
});

test("a backup that is asked to stop leaves no file, and one removes what those that were killed have left", async () => {
  const { folder, database, file } = await setup();
  const before = new Date(Date.now() - 7 * 3_600_000);
  const left = (name: string, changedAt: Date) => {
    writeFileSync(join(folder, name), "people");
    utimesSync(join(folder, name), changedAt, changedAt);
  };
  left("killed.backup.unfinished-7", before);
  left("running.backup.unfinished-7", new Date());
  left("earlier.backup", before);
  // Of another use of the name: a backup neither removes it nor fails by it.
  mkdirSync(join(folder, "x.unfinished-7"));
  utimesSync(join(folder, "x.unfinished-7"), before, before);
  const letGo = await holdUp(database);
  const stop = new AbortController();
  const writing = expect(writeBackup(database.pool, file, { signal: stop.signal })).rejects.toThrow("asked to stop");
  await expect.poll(() => blocked(database)).toBe(1);
  stop.abort();
  await writing;
  await letGo();
  expect(readdirSync(folder).sort()).toEqual(["earlier.backup", "running.backup.unfinished-7", "x.unfinished-7"]);
});

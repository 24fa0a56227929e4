import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { readBackupTime } from "../database/backup-time";
import { createDb, createPool } from "../database/db";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { migrate } from "../database/migrate";
import { isDatabaseReady } from "../database/ready";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { limitTimes } from "../test/limit-times";
import { writeBackup } from "./write";

const log = createLog("silent");

function testFolder(): string {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  return folder;
}

async function testDatabase() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

test("a backup takes as long as it takes, whatever limits its role has", async () => {
  const database = await testDatabase();
  const holder = await database.pool.connect();
  onTestFinished(() => holder.release(true));
  await limitTimes(database.url, 1_000);
  await holder.query("begin");
  await holder.query(`lock table "User" in access exclusive mode`);
  const writing = writeBackup(database.pool, join(testFolder(), "people.backup"));
  writing.catch(() => {});
  await expect.poll(() => blocked(database)).toBe(1);
  await sleep(1_500);
  await holder.query("commit");
  expect(await writing).toMatchObject({ User: 0 });
});

test("a backup whose session was cut while its file was verified is noted", async () => {
  const { db, pool, url } = await testDatabase();
  const writer = createPool(url, log, 2);
  onTestFinished(() => writer.end());
  writer.once("acquire", (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<{ rows: { pid: number }[] }>;
    const commitAndCut = async () => {
      const { rows } = await query("select pg_backend_pid() as pid");
      await query("commit");
      await pool.query("select pg_terminate_backend($1, 60000)", [rows[0]?.pid]);
    };
    Object.assign(client, { query: (...args: unknown[]) => (args[0] === "commit" ? commitAndCut() : query(...args)) });
  });
  await writeBackup(writer, join(testFolder(), "people.backup"));
  expect(await readBackupTime(db)).toEqual(expect.any(Date));
});

test("a standby is no database for the site, and a backup is written from it", async () => {
  const folder = testFolder();
  const start = () => startLocalPostgres({ dir: join(folder, "postgres"), database: "app", log });
  const primary = await start();
  await migrate({ databaseUrl: primary.url, log });
  const pool = createPool(primary.url, log, 1);
  await makeUser(createDb(pool));
  expect(await isDatabaseReady(pool)).toBe(true);
  await pool.end();
  await primary.stop();
  writeFileSync(join(folder, "postgres/data/standby.signal"), "");
  const standby = await start();
  const reader = createPool(standby.url, log, 2);
  expect(await isDatabaseReady(reader)).toBe(false);
  expect(await writeBackup(reader, join(folder, "people.backup"))).toMatchObject({ User: 1, Session: 0 });
  await reader.end();
  await standby.stop();
});

import { join } from "node:path";
import { Client } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { createPool } from "../database/db";
import { migrate } from "../database/migrate";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { holdShape } from "../test/held-shape";
import { createCopy } from "../test/template";
import { readOccupied } from "./occupied";
import { restoreBackup } from "./restore";
import { writeBackup } from "./write";

const log = createLog("silent");

async function setup() {
  const folder = makeTestFolder();
  const database = await createTestDatabase();
  onTestFinished(async () => {
    await database.drop();
    removeTestFolder(folder);
  });
  return { database, file: join(folder, "people.backup") };
}

test("a site that starts before a restore gets its lock keeps its tables", async () => {
  const { database, file } = await setup();
  await makeUser(database.db);
  await writeBackup(database.pool, file);
  const { id } = await makeUser(database.db);
  await expect(restoreBackup(database.url, file, { unlessInUse: true })).rejects.toThrow("the database is in use");
  expect(await database.db.user.count({ where: { id } })).toBe(1);
});

test("a restore that is refused names what is connected, which need not be the site", async () => {
  const { database, file } = await setup();
  await writeBackup(database.pool, file);
  for (const program of ["psql", "psql", ""]) {
    const client = new Client({ connectionString: database.url, application_name: program });
    await client.connect();
    onTestFinished(() => client.end());
  }
  const refused = restoreBackup(database.url, file, { unlessInUse: true });
  await expect(refused).rejects.toThrow(/ in use by: .*\bpsql as \w+ from 127\.0\.0\.1 \(2\)/);
  await expect(refused).rejects.toThrow(/a program without a name as \w+ from 127\.0\.0\.1 \(\d+\)/);
});

test("an account without rights over others is told of their connections as well, without an address", async () => {
  const { database } = await setup();
  const role = `role_${crypto.randomUUID().replaceAll("-", "_")}`;
  await database.pool.query(`create role ${role} login password 'secret' in role pg_read_all_data`);
  const own = Object.assign(new URL(database.url), { username: role, password: "secret" }).href;
  const psql = new Client({ connectionString: database.url, application_name: "psql" });
  await psql.connect();
  onTestFinished(async () => {
    await psql.end();
    await database.pool.query(`drop role ${role}`);
  });
  const { usedBy } = await readOccupied(own);
  const { username } = new URL(database.url);
  expect(usedBy).toContainEqual({
    program: "psql",
    account: username,
    origin: "from an address that is not told",
    count: 1,
  });
});

test("a start that waits for the restore does not keep it from going on", async () => {
  const { database, file } = await setup();
  await writeBackup(database.pool, file);
  const target = await createCopy(inject("template"));
  // As another installation's, whose connections count nowhere.
  const watch = createPool(`${target.url}?schema=watch`, log, 2);
  onTestFinished(async () => {
    await watch.end();
    await target.drop();
  });
  const letGo = await holdShape(watch);
  const restoring = restoreBackup(target.url, file, { unlessInUse: true });
  await expect.poll(() => blocked({ pool: watch })).toBe(1);
  const starting = migrate({ databaseUrl: target.url, log });
  await expect.poll(() => blocked({ pool: watch })).toBe(2);
  await letGo();
  expect(await restoring).toMatchObject({ rows: expect.any(Object) });
  expect(await starting).toEqual({ applied: [] });
});

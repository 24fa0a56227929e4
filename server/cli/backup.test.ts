import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { checkBackup } from "../backup/read";
import { createDb, createPool } from "../database/db";
import { createLog } from "../platform/log";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { createEmptyDatabase } from "../test/template";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

async function run(command: "backup" | "restore", databaseUrl: string, args: string[]) {
  const program = await compileFile(join(import.meta.dirname, `commands/${command}.ts`));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: databaseUrl, LOG_LEVEL: "error" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], errors, said] = await Promise.all([once(child, "exit"), text(child.stderr), text(child.stdout)]);
  return { code, errors, said };
}
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

test("a database without an installation is not backed up, and the command says so", async () => {
  const database = await createEmptyDatabase(inject("template"));
  onTestFinished(() => database.drop());
  const file = join(folder, "nothing.backup");
  const { code, errors } = await backUp(database.url, file);
  expect(code).toBe(1);
  expect(errors).toContain("holds no installation");
  expect(existsSync(file)).toBe(false);
});

test("a restore erases again who had been erased after the backup, before it ends", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const file = join(folder, "people.backup");
  // Of its own, and closed: the command refuses while a site is connected.
  const before = createPool(database.url, createLog("silent"), 1);
  const db = createDb(before);
  const { id } = await makeUser(db, { firstName: "Leaving" });
  expect(await backUp(database.url, file)).toMatchObject({ code: 0 });
  await db.user.update({ where: { id }, data: { erasedAt: new Date() } });
  await db.$disconnect();
  await before.end();

  const { code, errors, said } = await run("restore", database.url, [file, "--replace"]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(said).toContain("people erased: 1");
  const { rows } = await database.pool.query(`select "firstName", cause from "User" join "Erasure" on "userId" = id`);
  expect(rows).toEqual([{ firstName: "", cause: "restored" }]);
});

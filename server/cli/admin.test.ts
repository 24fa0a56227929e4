import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { countByZone } from "../statistics/statistic-zone";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";

async function run(databaseUrl: string, args: string[], more: Record<string, string> = {}) {
  const program = await compileFile(join(import.meta.dirname, "commands/admin.ts"));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: databaseUrl, ERASE_IN_CRM: "keep", ...more },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], errors, said] = await Promise.all([once(child, "exit"), text(child.stderr), text(child.stdout)]);
  return { code, errors, said };
}

test("an erasure by command prints the number by which the person is erased again in a restored backup", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { id, email } = await makeUser(database.db, { id: 4711 });
  const { code, errors, said } = await run(database.url, ["erase", email]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(said).toContain("Erased here.");
  expect(said).toContain("Keep the number 4711 outside this database.");
  expect(said).not.toContain(email);
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ erasedAt: expect.any(Date) });
});

test("who is demoted by command is told that ADMIN_EMAIL does not give the role again", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { email } = await makeUser(database.db, { role: "ADMIN" });
  await makeUser(database.db, { role: "ADMIN" });
  const { code, errors, said } = await run(database.url, ["demote", email]);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(said).toContain("Restarts do not give the role back, not even for ADMIN_EMAIL.");
});

test("a command with an environment of its own changes nothing that the site's decides", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { db, url } = database;
  await countByZone({ db, env: parseEnv({ TIME_ZONE: "Asia/Vladivostok" }), log: createLog("silent") });
  await db.noticeKind.create({ data: { kind: "welcome" } });
  const { email } = await makeUser(db);

  const first = { ADMIN_EMAIL: "first@example.com", ADMIN_PASSWORD: "environment password" };
  expect(await run(url, ["export", email], first)).toMatchObject({ code: 0, errors: "" });

  expect(await db.statisticZone.findMany()).toMatchObject([{ zone: "Asia/Vladivostok" }]);
  expect(await db.noticeKind.findMany()).toEqual([{ kind: "welcome" }]);
  expect(await db.user.count({ where: { role: "ADMIN" } })).toBe(0);
});

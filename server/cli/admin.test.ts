import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeUser } from "../test/factories";

async function run(databaseUrl: string, ...args: string[]) {
  const program = await compileFile(join(import.meta.dirname, "commands/admin.ts"));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: databaseUrl, ERASE_IN_CRM: "keep" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], errors, said] = await Promise.all([once(child, "exit"), text(child.stderr), text(child.stdout)]);
  return { code, errors, said };
}

test("an erasure by command prints the number by which the person is erased again in a restored backup", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { id, email } = await makeUser(database.db, { id: 4711 });
  const { code, errors, said } = await run(database.url, "erase", email);
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(said).toContain("Erased here.");
  expect(said).toContain("Note down the number 4711 outside this database");
  expect(said).not.toContain(email);
  expect(await database.db.user.findUnique({ where: { id } })).toMatchObject({ erasedAt: expect.any(Date) });
});

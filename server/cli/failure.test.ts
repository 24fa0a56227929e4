import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { claimPort } from "../test/claim-port";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { wordsOf } from "./failure";

const root = resolve(import.meta.dirname, "../..");

const noPortal = "http://127.0.0.1:9/rest/1/key/";

async function run(command: string, args: string[], databaseUrl: string) {
  const program = await compileFile(join(import.meta.dirname, "commands", command));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: "error",
      BITRIX24_WEBHOOK_URL: noPortal,
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdin.end("a password of the test\n");
  const [[code], said] = await Promise.all([once(child, "exit"), text(child.stderr), text(child.stdout)]);
  return { code, said };
}

/** Each command with a file or a person, so that only the database is missing. */
function commands(folder: string): [command: string, args: string[]][] {
  const list = join(folder, "people.csv");
  writeFileSync(list, "firstName,email,phone\nAnna,anna@example.com,+79991234567\n");
  return [
    ["admin.ts", ["create", "boss@example.com"]],
    ["import.ts", [list, "--yes"]],
    ["backup.ts", [join(folder, "never.backup")]],
    ["bitrix24-check.ts", ["--trial", "--report", join(folder, "never.txt")]],
  ];
}

test("a command whose database is away says so in one line, without a stack", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const port = await claimPort();
  for (const [command, args] of commands(folder)) {
    const { code, said } = await run(command, args, `postgres://app@127.0.0.1:${port}/app`);
    expect(code, command).toBe(1);
    expect(said.trim().split("\n"), command).toEqual([expect.stringContaining("ECONNREFUSED")]);
  }
});

test("a command whose database does not exist names it in one line, without a stack", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const url = new URL(database.url);
  url.pathname = "/no_such_database";
  for (const [command, args] of commands(folder)) {
    const { code, said } = await run(command, args, url.href);
    expect(code, command).toBe(1);
    expect(said.trim().split("\n"), command).toEqual([expect.stringContaining("no_such_database")]);
  }
});

test("a connection refused at several addresses has words too", () => {
  const refused = new AggregateError([
    new Error("connect ECONNREFUSED ::1:1"),
    new Error("connect ECONNREFUSED 127.0.0.1:1"),
  ]);
  expect(wordsOf(refused)).toBe("connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1");
  expect(wordsOf(new Error("the password is wrong"))).toBe("the password is wrong");
});

test("a command whose work fails after it has started says so in one line, without a stack", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  await database.pool.query(`alter table "AuditEntry" rename column "details" to "more"`);
  const { code, said } = await run("admin.ts", ["create", "boss@example.com"], database.url);
  expect(code).toBe(1);
  expect(said.trim().split("\n")).toEqual([expect.stringMatching(/^The command failed: .*details/)]);
});

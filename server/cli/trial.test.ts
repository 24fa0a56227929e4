import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { type PortalServer, startPortal } from "../../e2e/portal/server";
import { compileFile } from "../test/compile";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { holdShape, waitWords } from "../test/held-shape";

const root = resolve(import.meta.dirname, "../..");
const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

let server: PortalServer;
let database: TestDatabase;
beforeEach(async () => {
  server = await startPortal({ limits: { bucket: 0 } });
  database = await createTestDatabase();
});
afterEach(async () => {
  await server.close();
  await database.drop();
});

/** `npm run bitrix24:check -- --trial --report FILE` without npm. */
async function trial(file: string) {
  const program = await compileFile(join(import.meta.dirname, "commands/bitrix24-check.ts"));
  const child = spawn(process.execPath, [program, "--trial", "--report", file], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      BITRIX24_WEBHOOK_URL: server.webhookUrl,
      BITRIX24_PAID_STAGE_ID: "WON",
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, stdout, stderr };
}

async function expectNothingLeft(): Promise<void> {
  expect([server.portal.contacts.size, server.portal.deals.size]).toEqual([0, 0]);
  expect(await database.db.user.count()).toBe(0);
}

test("the trial as a command says that all went well, writes the same into its report, and leaves nothing behind", async () => {
  const file = join(folder, "good.txt");
  const { code, stdout, stderr } = await trial(file);
  expect([code, stderr]).toEqual([0, ""]);
  const report = readFileSync(file, "utf8");
  expect(stdout).toContain(report);
  expect(stdout).toContain(`Written to ${file}`);
  expect(report).toMatch(/^result: good$/m);
  for (const step of ["identity", "check", "registration", "records", "paid", "back", "removal"])
    expect(report).toMatch(new RegExp(`^ {2}ok +${step} `, "m"));
  expect(report).toContain("removed: deals 1, contacts 1");
  const { host, pathname } = new URL(server.webhookUrl);
  for (const secret of [host, ...pathname.split("/").filter((part) => part.length > 4), "@", "+7"])
    expect(report).not.toContain(secret);
  expect(server.portal.executed.get("crm.item.add")).toBe(2);
  await expectNothingLeft();
});

test("an earlier report is neither overwritten nor paid for with a trial whose report is lost", async () => {
  const file = join(folder, "twice.txt");
  await trial(file);
  const report = readFileSync(file, "utf8");
  const { requests } = server.portal;
  const { code, stdout, stderr } = await trial(file);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr.trim()).toBe(
    `${file} exists already. Name another file with --report: an earlier report is not overwritten.`,
  );
  expect(server.portal.requests).toBe(requests);
  expect(readFileSync(file, "utf8")).toBe(report);
});

test("a file that cannot be written is told before anything is sent", async () => {
  const { code, stderr } = await trial(join(folder, "nowhere/report.txt"));
  expect(code).toBe(1);
  expect(stderr).toContain("cannot be written (ENOENT)");
  expect(server.portal.requests).toBe(0);
});

test("a portal that refuses registrations is told in the report and by the exit code", async () => {
  server.portal.configure({ required: { contact: [], deal: ["additionalInfo"] } });
  const file = join(folder, "failed.txt");
  const { code } = await trial(file);
  expect(code).toBe(1);
  const report = readFileSync(file, "utf8");
  expect(report).toMatch(/^result: FAILED$/m);
  expect(report).toMatch(/^ {2}fail +demands/m);
  await expectNothingLeft();
});

test("a trial that cannot begin leaves no empty report", async () => {
  const file = join(folder, "empty.txt");
  await database.pool.query(`alter table "_prisma_migrations" rename column "checksum" to "sum"`);
  expect((await trial(file)).code).not.toBe(0);
  expect(existsSync(file)).toBe(false);
});

test("a trial that waits for another process says so beside its report", async () => {
  const letGo = await holdShape(database.pool);
  const trying = trial(join(folder, "waiting.txt"));
  const waiting = async () => {
    const { rows } = await database.pool.query(
      `select pid from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length;
  };
  await expect.poll(waiting).toBe(1);
  await letGo();
  const { code, stdout, stderr } = await trying;
  expect([code, stderr]).toEqual([0, waitWords]);
  expect(stdout).not.toContain("the start waits");
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startPortal } from "../../e2e/portal/server";
import { createPool } from "../database/db";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { migrate } from "../database/migrate";
import { createLog } from "../platform/log";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";

const root = resolve(import.meta.dirname, "../..");

/** `npm run bitrix24:check` without npm, on a portal of its own. */
async function run(env: Record<string, string> = {}, args: string[] = []) {
  const server = await startPortal({ limits: { bucket: 0 } });
  onTestFinished(() => server.close());
  const program = await compileFile(join(import.meta.dirname, "commands/bitrix24-check.ts"));
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      BITRIX24_WEBHOOK_URL: server.webhookUrl,
      DATA_DIR: makeFolder(),
      ...env,
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, lines: stdout.split("\n"), stderr };
}

function makeFolder(): string {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  return folder;
}

/** A line of the checklist with what follows it. */
const linesOf = (lines: string[], id: string): string[] => {
  const place = lines.findIndex((line) => line.slice(5).split(":")[0] === id);
  return lines.slice(place, place + 2);
};

test("the command checks what the forms' own settings name, and says of each what to do", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const { form } = database.db;
  await form.update({ where: { id: 1 }, data: { definition: { settings: { funnel: "77" } } } });
  await form.create({ data: { slug: "spring", name: "Spring", definition: { settings: { source: "NOWHERE" } } } });
  const { code, lines, stderr } = await run({ DATABASE_URL: database.url });
  expect(stderr).toBe("");
  expect(linesOf(lines, "forms")).toEqual([
    "warn forms: names Spring",
    "     These forms name a product, price, pipeline, stage, source or employee that the portal does not have: Spring. What to do: Open the form under Settings, Forms, and check it: the page says what is wrong.",
  ]);
  expect(linesOf(lines, "funnel")).toEqual(["FAIL funnel: id 77", expect.stringContaining("There is no pipeline 77.")]);
  expect(code).toBe(1);
});

test("what is set on the pages of a site with the embedded database is checked, whether that runs or not", async () => {
  const folder = makeFolder();
  const log = createLog("silent");
  const { url, stop } = await startLocalPostgres({ dir: join(folder, "postgres"), database: "registration", log });
  await migrate({ databaseUrl: url, log });
  const pool = createPool(url, log, 1);
  await pool.query(`update "Form" set definition = '{"settings": {"funnel": "77"}}' where id = 1`);
  await pool.end();
  expect(linesOf((await run({ DATA_DIR: folder })).lines, "funnel")[0]).toBe("FAIL funnel: id 77");
  await stop();
  const { lines, stderr } = await run({ DATA_DIR: folder });
  expect(linesOf(lines, "funnel")[0]).toBe("FAIL funnel: id 77");
  expect(stderr).toBe("");
});

test.each([
  ["without a database", {}, /DATABASE_URL is not set, and there is no database in /],
  ["without an answer of it", { DATABASE_URL: "postgres://app@127.0.0.1:1/app" }, /the database cannot be read \(/],
])("%s the command says that it saw the environment only, and not that the forms are in order", async (_, env, why) => {
  const { lines, stderr } = await run(env);
  expect(linesOf(lines, "forms")[0]).toBe("-    forms");
  expect(stderr).toMatch(/^Only the environment was checked, not what is set on the site's pages: /);
  expect(stderr).toMatch(why);
});

test.each([
  [["--trail"], "Unknown option '--trail'."],
  [["trial"], "Unexpected argument 'trial'."],
  [["--report", "report.txt"], "Only a trial writes a report: --report needs --trial."],
])("options that mean nothing end in the usage: %j", async (args, problem) => {
  const { code, lines, stderr } = await run({}, args);
  expect({ code, lines }).toEqual({ code: 2, lines: [""] });
  expect(stderr).toBe(`${problem}\nUsage: npm run bitrix24:check [-- --trial [--report FILE]]\n`);
});

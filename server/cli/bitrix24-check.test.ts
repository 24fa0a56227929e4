import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startPortal } from "../../e2e/portal/server";
import type { FormSettings } from "../forms/definition";
import { compileFile } from "../test/compile";
import { createTestDatabase } from "../test/database";

const root = resolve(import.meta.dirname, "../..");

/** `npm run bitrix24:check` without npm; `own`: the own settings of the first form and of another one, null: no database. */
async function checkPortal(own: { first: FormSettings; other: FormSettings } | null) {
  const server = await startPortal({ limits: { bucket: 0 } });
  onTestFinished(() => server.close());
  const database = own && (await createTestDatabase());
  if (own && database) {
    onTestFinished(() => database.drop());
    const { form } = database.db;
    await form.update({ where: { id: 1 }, data: { definition: { settings: own.first } } });
    await form.create({ data: { slug: "spring", name: "Spring", definition: { settings: own.other } } });
  }
  const program = await compileFile(join(import.meta.dirname, "commands/bitrix24-check.ts"));
  const child = spawn(process.execPath, [program], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      BITRIX24_WEBHOOK_URL: server.webhookUrl,
      ...(database && { DATABASE_URL: database.url }),
    },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [[code], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  expect(stderr).toBe("");
  return { code: code as number | null, lines: stdout.split("\n") };
}

/** A line of the checklist with what follows it. */
const linesOf = (lines: string[], id: string): string[] => {
  const place = lines.findIndex((line) => line.slice(5).split(":")[0] === id);
  return lines.slice(place, place + 2);
};

test("the command checks what the forms' own settings name, and says of each what to do", async () => {
  const { code, lines } = await checkPortal({ first: { funnel: "77" }, other: { source: "NOWHERE" } });
  expect(linesOf(lines, "forms")).toEqual([
    "warn forms: names «Spring»",
    "     The portal lacks a product with a price, a funnel, a stage, a source or an employee of: «Spring». What to do: Open the form under Settings, Forms, and check it: the page says what is wrong.",
  ]);
  expect(linesOf(lines, "funnel")).toEqual(["FAIL funnel: id 77", expect.stringContaining("There is no funnel 77.")]);
  expect(code).toBe(1);
});

test("without a database the command does not say that the forms are in order", async () => {
  const { lines } = await checkPortal(null);
  expect(linesOf(lines, "forms")[0]).toBe("-    forms");
});

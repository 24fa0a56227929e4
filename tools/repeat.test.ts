import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, inject, onTestFinished, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { readRepeatOptions } from "./repeat-options";
import { root } from "./run";

const results = "test-results";
const both = { results, unit: { wanted: true, files: [] }, browser: { wanted: true, files: [] } };
const spec = "e2e/register.spec.ts";

test.each([
  [["3"], { runs: 3, busy: 0, ...both }],
  [[], { runs: 1, busy: 0, ...both }],
  [["5", "--busy", "4"], { runs: 5, busy: 4, ...both }],
  [["--busy=2", "5"], { runs: 5, busy: 2, ...both }],
  [["5", "--busy"], { runs: 5, busy: availableParallelism(), ...both }],
  [["5", "--unit"], { runs: 5, busy: 0, ...both, browser: { wanted: false, files: [] } }],
  [["5", "--browser"], { runs: 5, busy: 0, ...both, unit: { wanted: false, files: [] } }],
  [["2", "--results", "elsewhere"], { runs: 2, busy: 0, ...both, results: "elsewhere" }],
  [
    ["5", spec],
    { runs: 5, busy: 0, results, unit: { wanted: false, files: [] }, browser: { wanted: true, files: [spec] } },
  ],
  [
    ["5", "server/crm", spec],
    {
      ...{ runs: 5, busy: 0, results },
      ...{ unit: { wanted: true, files: ["server/crm"] }, browser: { wanted: true, files: [spec] } },
    },
  ],
])("%j is understood", (args, options) => {
  expect(readRepeatOptions(args)).toEqual(options);
});

/** Reports beside those of a series that the project's folder holds, or that this test is a part of. */
const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

async function repeat(...args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "tools/repeat.ts", ...args, "--results", folder], {
    cwd: root,
    // A run within a run needs no PostgreSQL of its own.
    env: { ...process.env, TEST_DATABASE_URL: inject("template").url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill());
  const [[code], output, errors] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code, output: output + errors };
}

test("a file is run as often as asked, with a processor kept busy beside it, and a table tells of it", async () => {
  const { code, output } = await repeat("2", "tools/server-process.test.ts", "--busy=1");
  expect(output).toContain("run 2, unit: 5 passed, 0 failed");
  expect(output).toContain("1 busy loop beside");
  expect(output).toMatch(/\| tools\/server-process\.test\.ts › what listens on ::1 .* \| 0 of 2 \|/);
  expect(output).not.toContain("browser tests");
  expect(readFileSync(join(folder, "repeat.md"), "utf8")).toContain("what listens on ::1");
  expect(code).toBe(0);
});

test("a run without a single test is a failure", async () => {
  const { code, output } = await repeat("1", "tools/nowhere.test.ts");
  expect(output).toContain("| unit › (the runner itself) | 1 of 1 |");
  expect(code).toBe(1);
});

test.each([[["some"]], [["0"]], [["2", "--busy=many"]], [["2", "--unknown"]]])(
  "%j is not understood: nothing runs, and how it is called is said",
  async (args) => {
    const { code, output } = await repeat(...args);
    expect(output).toContain("Usage: npm run test:repeat -- N");
    expect(code).toBe(2);
  },
);

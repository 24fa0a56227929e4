import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { readGiven } from "../server/cli/usage";
import { ensureBrowser } from "./browser";
import { startBusyLoops } from "./busy-loops";
import { endWith } from "./last-words";
import { ensurePrograms } from "./packages";
import { ensurePrismaClient } from "./prisma-client";
import { readRepeatOptions, usage } from "./repeat-options";
import { root, runTool } from "./run";
import {
  type Outcome,
  type PlaywrightReport,
  playwrightOutcomes,
  readRunnersReport,
  type Tally,
  tally,
  tallyTable,
  type VitestReport,
  vitestOutcomes,
} from "./test-outcomes";

// `npm run test:repeat -- N`: runs the suites so many times and prints how often each test failed and how long it took at
// most. Exit code 1 if anything failed.

/** How many tests that did not fail are shown on the screen, the longest first; the file has all tests. */
const longestShown = 20;

const { runs, busy, unit, browser, results } = readGiven(usage, readRepeatOptions);
const inResults = (name: string) => resolve(root, results, name);
const tableFile = inResults("repeat.md");
let interrupted = false;
// The running suite gets the signal as well and ends; the table of the runs before it is still printed.
process.on("SIGINT", () => {
  interrupted = true;
});

if ((await ensurePrismaClient()) !== 0) process.exit(1);
if (unit.wanted) await ensurePrograms();
const env = browser.wanted ? { CHROMIUM_PATH: await ensureBrowser(), BASE_URL: undefined } : {};
mkdirSync(resolve(root, results), { recursive: true });
const stopBusyLoops = startBusyLoops(busy);
if (busy > 0) console.log(`With ${busy} busy ${busy === 1 ? "loop" : "loops"} beside.`);
const outcomes: Outcome[] = [];
const lines: string[] = [];
for (let run = 1; run <= runs && !interrupted; run++) {
  if (unit.wanted) outcomes.push(...(await runUnit(run)));
  if (browser.wanted && !interrupted) outcomes.push(...(await runBrowser(run)));
  // After each run, for a series that is ended from outside.
  keepTable(tally(outcomes));
}
stopBusyLoops();
endWith(summary(), outcomes.length > 0 && outcomes.every(({ failed }) => !failed) ? 0 : 1);

function runUnit(run: number): Promise<Outcome[]> {
  const report = inResults("repeat-unit.json");
  const args = ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`, ...unit.files];
  const start = () => runTool("vitest", args, { env: { TEST_SEED: String(run) } });
  const read = (found: unknown) => vitestOutcomes(found as VitestReport, root);
  return note(run, { suite: "unit", report, start, read });
}

function runBrowser(run: number): Promise<Outcome[]> {
  const report = inResults("repeat-browser.json");
  const withReport = { env: { ...env, TEST_SEED: String(run), PLAYWRIGHT_JSON_OUTPUT_FILE: report } };
  const start = () => runTool("playwright", ["test", "--reporter=dot,json", ...browser.files], withReport);
  const read = (found: unknown) => playwrightOutcomes(found as PlaywrightReport);
  return note(run, { suite: "browser", report, start, read });
}

interface SuiteRun {
  suite: "unit" | "browser";
  report: string;
  start: () => Promise<number>;
  read: (report: unknown) => Outcome[];
}

/** One run of a suite. A runner that fails without a failed test, or leaves no report, is a failure of its own. */
async function note(run: number, { suite, report, start, read }: SuiteRun): Promise<Outcome[]> {
  console.log(`\n── run ${run} of ${runs}, ${suite} tests`);
  rmSync(report, { force: true });
  const started = performance.now();
  const code = await start();
  const seconds = (performance.now() - started) / 1000;
  if (interrupted) return [];
  const found = readRunnersReport(report);
  const seen = read(found ?? { testResults: [], suites: [] });
  if ((code !== 0 || found === undefined) && !seen.some(({ failed }) => failed))
    seen.push({ test: `${suite} › (the runner itself)`, failed: true, ms: 0 });
  const failed = seen.filter((outcome) => outcome.failed).length;
  const line =
    `run ${run}, ${suite}: ${seen.length - failed} passed, ${failed} failed, ` +
    `${seconds.toFixed(0)} s, load ${loadavg()[0]?.toFixed(1)}`;
  console.log(line);
  lines.push(line);
  return seen;
}

function keepTable(rows: Tally[]): void {
  writeFileSync(tableFile, `${lines.join("\n")}\n\n${tallyTable(rows)}\n`);
}

function summary(): string {
  const rows = tally(outcomes);
  const failed = rows.filter(({ failures }) => failures > 0).length;
  return [
    `\n${lines.join("\n")}\n\n${tallyTable(rows.slice(0, failed + longestShown))}\n`,
    `${failed} of ${rows.length} tests failed at least once. All of them: ${join(results, "repeat.md")}`,
  ].join("\n");
}

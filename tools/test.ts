import { readGiven } from "../server/cli/usage";
import { ensureBrowser } from "./browser";
import { endWith } from "./last-words";
import { ensurePrograms } from "./packages";
import { ensurePrismaClient } from "./prisma-client";
import { runScript, runTool } from "./run";
import { readShard, usage } from "./shard";
import { type Counts, type Report, readReport, removeReport } from "./test-reports";

/**
 * `npm test`: every check. The cheap ones all run, since their faults are mended together; after them the first step that
 * fails ends the run. The last line counts tests, and each failed step that has none.
 */
interface Step {
  name: string;
  /** Answers an exit code. */
  run: () => Promise<number>;
  report?: Report;
}

/** `npm test -- --shard 2/3`: a third of either suite, for machines that share the work. */
const shard = readGiven(usage, readShard);

const prepare: Step[] = [{ name: "database client", run: ensurePrismaClient }];

const cheap: Step[] = [
  { name: "format and lint", run: () => runTool("biome", ["ci", "."]) },
  { name: "types", run: () => runTool("tsc", []) },
  { name: "dead code", run: () => runTool("knip", []) },
];

const thorough: Step[] = [
  { name: "programs that tests run", run: ensurePrograms },
  {
    name: "unit and integration tests",
    report: "test-results/vitest.json",
    run: () =>
      runTool("vitest", [
        "run",
        "--reporter=default",
        "--reporter=json",
        "--outputFile.json=test-results/vitest.json",
        ...shard,
      ]),
  },
  { name: "build", run: () => runScript("tools/build.ts") },
  { name: "browser tests", report: "test-results/playwright.json", run: runPlaywright },
];

const total: Counts = { passed: 0, failed: 0 };
const verdicts: string[] = [];

if ((await runAll(prepare)) && (await runAll(cheap, { toTheEnd: true }))) await runAll(thorough);
endWith(`\n${verdicts.join("\n")}\n\n${total.passed} passed, ${total.failed} failed`, total.failed > 0 ? 1 : 0);

async function runAll(steps: Step[], { toTheEnd = false } = {}): Promise<boolean> {
  let whole = true;
  for (const step of steps) {
    if (whole || toTheEnd) whole = (await runStep(step)) && whole;
  }
  return whole;
}

async function runStep(step: Step): Promise<boolean> {
  console.log(`\n── ${step.name}`);
  const started = Date.now();
  const { passed, failed } = await count(step);
  total.passed += passed;
  total.failed += failed;
  verdicts.push(
    `${failed === 0 ? "ok    " : "FAILED"}  ${step.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
  return failed === 0;
}

/** Whatever goes wrong is a failure to be counted: the run's last line is to come in any case. */
async function count({ run, report }: Step): Promise<Counts> {
  try {
    if (report) removeReport(report);
    const code = await run();
    const counts = report ? readReport(report) : { passed: 0, failed: 0 };
    // A runner may also fail without a failed test: it crashed, or found none.
    const isFailure = code !== 0 || (report !== undefined && counts.passed === 0);
    return isFailure && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1 };
  }
}

/** Against this build, whatever deployment the environment names. */
async function runPlaywright(): Promise<number> {
  return runTool("playwright", ["test", ...shard], {
    env: { CHROMIUM_PATH: await ensureBrowser(), BASE_URL: undefined },
  });
}

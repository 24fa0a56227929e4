import { readFileSync } from "node:fs";

/** What became of one test in one run. */
export interface Outcome {
  test: string;
  failed: boolean;
  ms: number;
}

/** A runner's report; undefined where it left none, or half of one because it was killed. */
export function readRunnersReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") console.error(`${file}: ${(error as Error).message}`);
    return undefined;
  }
}

export interface VitestReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string; duration?: number }[];
  }[];
}

/** Of Vitest's JSON report. A file that could not be read at all counts as one failed test. */
export function vitestOutcomes(report: VitestReport, root: string): Outcome[] {
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const file = name.startsWith(root) ? name.slice(root.length + 1) : name;
    const tests = assertionResults
      .filter((test) => test.status === "passed" || test.status === "failed")
      .map((test) => ({
        test: `${file} › ${test.fullName}`,
        failed: test.status === "failed",
        ms: test.duration ?? 0,
      }));
    return status === "failed" && !tests.some(({ failed }) => failed)
      ? [...tests, { test: `${file} › (the file itself)`, failed: true, ms: 0 }]
      : tests;
  });
}

interface PlaywrightSuite {
  title: string;
  file: string;
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: { projectName: string; status: string; results: { duration: number }[] }[];
  }[];
}

export interface PlaywrightReport {
  suites: PlaywrightSuite[];
  errors?: unknown[];
}

/**
 * Of Playwright's JSON report. What fails outside of any test, the setup say, counts as one. A test that failed and then
 * passed its recorded second run, which Playwright calls flaky, has failed.
 */
export function playwrightOutcomes({ suites, errors = [] }: PlaywrightReport): Outcome[] {
  const ofSuite = (suite: PlaywrightSuite, above: string[]): Outcome[] => {
    const path = suite.title === suite.file ? [`e2e/${suite.file}`] : [...above, suite.title];
    return [
      ...(suite.specs ?? []).flatMap(({ title, tests }) =>
        tests
          .filter(({ status }) => status !== "skipped")
          .map(({ projectName, status, results }) => ({
            test: [...path, `${title} [${projectName}]`].join(" › "),
            failed: status === "unexpected" || status === "flaky",
            ms: results.reduce((sum, { duration }) => sum + duration, 0),
          })),
      ),
      ...(suite.suites ?? []).flatMap((inner) => ofSuite(inner, path)),
    ];
  };
  return [
    ...suites.flatMap((suite) => ofSuite(suite, [])),
    ...(errors.length > 0 ? [{ test: "e2e › (outside of any test)", failed: true, ms: 0 }] : []),
  ];
}

/** A test over all runs. */
export interface Tally {
  test: string;
  runs: number;
  failures: number;
  longestMs: number;
}

/** Failures first, the most frequent above; then the longest. */
export function tally(outcomes: Outcome[]): Tally[] {
  const tests = new Map<string, Tally>();
  for (const { test, failed, ms } of outcomes) {
    const { runs, failures, longestMs } = tests.get(test) ?? { runs: 0, failures: 0, longestMs: 0 };
    tests.set(test, {
      test,
      runs: runs + 1,
      failures: failures + (failed ? 1 : 0),
      longestMs: Math.max(longestMs, ms),
    });
  }
  return [...tests.values()].sort((a, b) => b.failures - a.failures || b.longestMs - a.longestMs);
}

/** As Markdown, so that it can be kept as it is. */
export function tallyTable(rows: Tally[]): string {
  return [
    "| test | failures | longest |",
    "|---|---:|---:|",
    ...rows.map(
      ({ test, runs, failures, longestMs }) =>
        `| ${test.replaceAll("|", "\\|")} | ${failures} of ${runs} | ${(longestMs / 1000).toFixed(1)} s |`,
    ),
  ].join("\n");
}

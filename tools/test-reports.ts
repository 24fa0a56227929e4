import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { root } from "./run";

export interface Counts {
  passed: number;
  failed: number;
}

/** The runners' own reports, by the place where they write them. A test that passed only when it was run again has failed. */
export const readers = {
  "test-results/vitest.json": (report: { numPassedTests: number; numFailedTests: number }): Counts => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
  }),
  "test-results/playwright.json": ({
    stats,
  }: {
    stats: { expected: number; unexpected: number; flaky: number };
  }): Counts => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
  }),
};

export type Report = keyof typeof readers;

export const removeReport = (report: Report): void => rmSync(resolve(root, report), { force: true });

/** What was counted; nothing if the runner did not get so far as to report. */
export function readReport(report: Report): Counts {
  try {
    return readers[report](JSON.parse(readFileSync(resolve(root, report), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { passed: 0, failed: 0 };
  }
}

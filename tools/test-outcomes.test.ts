import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { playwrightOutcomes, readRunnersReport, tally, tallyTable, vitestOutcomes } from "./test-outcomes";

test("a report that a killed runner left half written is none, and ends no further runs", () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  const file = join(folder, "report.json");
  expect(readRunnersReport(file)).toBeUndefined();
  writeFileSync(file, '{ "testResults": [');
  expect(readRunnersReport(file)).toBeUndefined();
  writeFileSync(file, '{ "testResults": [] }');
  expect(readRunnersReport(file)).toEqual({ testResults: [] });
});

test("tests that were skipped do not count, and a file that does not load is a failure", () => {
  const report = {
    testResults: [
      {
        name: "/repo/server/a.test.ts",
        status: "failed",
        assertionResults: [
          { fullName: "it holds", status: "passed", duration: 1_500 },
          { fullName: "it breaks", status: "failed", duration: 20 },
          { fullName: "it waits for Windows", status: "skipped" },
        ],
      },
      { name: "/repo/server/b.test.ts", status: "failed", assertionResults: [] },
    ],
  };
  expect(vitestOutcomes(report, "/repo")).toEqual([
    { test: "server/a.test.ts › it holds", failed: false, ms: 1_500 },
    { test: "server/a.test.ts › it breaks", failed: true, ms: 20 },
    { test: "server/b.test.ts › (the file itself)", failed: true, ms: 0 },
  ]);
});

test("browser tests are told apart by their project, and a setup that fails is a failure", () => {
  const spec = (status: string, duration: number) => ({
    title: "a page opens",
    tests: [{ projectName: "phone", status, results: [{ duration }] }],
  });
  const suites = [
    {
      title: "register.spec.ts",
      file: "register.spec.ts",
      specs: [spec("expected", 700), spec("skipped", 0)],
      suites: [
        { title: "without JavaScript", file: "register.spec.ts", specs: [spec("unexpected", 900), spec("flaky", 80)] },
      ],
    },
  ];
  expect(playwrightOutcomes({ suites, errors: [{}] })).toEqual([
    { test: "e2e/register.spec.ts › a page opens [phone]", failed: false, ms: 700 },
    { test: "e2e/register.spec.ts › without JavaScript › a page opens [phone]", failed: true, ms: 900 },
    { test: "e2e/register.spec.ts › without JavaScript › a page opens [phone]", failed: true, ms: 80 },
    { test: "e2e › (outside of any test)", failed: true, ms: 0 },
  ]);
});

test("the table puts failures first, then what took longest", () => {
  const outcomes = [
    { test: "quick", failed: false, ms: 10 },
    { test: "slow | steady", failed: false, ms: 61_000 },
    { test: "flaky", failed: true, ms: 5 },
    { test: "flaky", failed: false, ms: 300 },
  ];
  expect(tallyTable(tally(outcomes)).split("\n").slice(2)).toEqual([
    "| flaky | 1 of 2 | 0.3 s |",
    "| slow \\| steady | 0 of 1 | 61.0 s |",
    "| quick | 0 of 1 | 0.0 s |",
  ]);
});

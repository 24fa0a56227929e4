import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { readSoakOptions } from "./soak-options";

test("a soak is as long as it is asked to be", () => {
  const usual = { registrations: 10_000, kills: 50, rounds: 10, fresh: false, report: undefined };
  expect(readSoakOptions([])).toEqual(usual);
  expect(
    readSoakOptions(["--registrations", "200", "--kills=0", "--rounds", "2", "--fresh", "--report", "a.md"]),
  ).toEqual({
    registrations: 200,
    kills: 0,
    rounds: 2,
    fresh: true,
    report: "a.md",
  });
});

test.each([
  [["--rounds", "ten"]],
  [["--rounds", "0"]],
  [["--rounds", "1.5"]],
  [["--registrations="]],
  [["--kills", "-1"]],
  [["--round", "2"]],
  [["2"]],
])("a soak that cannot be meant does not begin: %j", (args) => {
  expect(() => readSoakOptions(args)).toThrow();
});

test("the command then says what it takes, and writes no report", () => {
  const report = join(root, "test-results", `no-soak-${process.pid}.md`);
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "bench/soak/run.ts", "--rounds", "0", "--report", report],
    { cwd: root, encoding: "utf8" },
  );
  expect(stderr).toBe(
    "--rounds=0: expected a whole number from 1.\n" +
      "Usage: npm run soak [-- --registrations 10000 --kills 50 --rounds 10 --fresh --report FILE]\n",
  );
  expect(status).toBe(2);
  expect(existsSync(report)).toBe(false);
});

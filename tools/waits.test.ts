import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";

/** Below the suite's own limit a wait judges the machine: it fails where four other programs keep the processors busy. */
const shortWaits = [
  // Ends after one second unless told otherwise; `eventually` has the suite's limit.
  /\bvi\.wait(For|Until)\(/,
  // A limit of `expect.poll`, which has one from the configuration.
  /\bpoll\([^;]*\{[^{}]*\btimeout: (?!240_000)/,
  // A test's own limit behind its function.
  /^(\}| {2}\}), ?\n? *\d[\d_]*,?\n?\);$|^ +\d[\d_]*,\n\);$/m,
];

const unitTests = ["server", "app", "tools", "e2e"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).flatMap((file) =>
    /\.test\.tsx?$/.test(file) && file !== "waits.test.ts" ? [join(folder, file)] : [],
  ),
);

test("no unit test waits by a limit of its own", () => {
  expect(unitTests.length).toBeGreaterThan(100);
  const own = unitTests.filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return shortWaits.some((wait) => wait.test(text));
  });
  expect(own).toEqual([]);
});

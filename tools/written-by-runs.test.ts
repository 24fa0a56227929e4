import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { root } from "./run";
import { isMade } from "./tree";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

/** Where the runners write when nothing else is said: results, report, parts of a report, coverage, pictures. */
const written = ["test-results", "playwright-report", "blob-report", "coverage", "pictures", "build"];

test("a report with its trace viewer's scripts is nothing that the types are checked of", () => {
  const config = readFileSync(join(root, "tsconfig.json"), "utf8");
  const scripts = written.flatMap((name) => [
    `${name}/index.js`,
    `${name}/trace/assets/viewer.js`,
    `${name}/data/a.ts`,
  ]);
  for (const path of ["e2e/ours.spec.ts", ...scripts]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "export {};");
  }
  const { fileNames } = ts.parseJsonConfigFileContent(JSON.parse(config), ts.sys, folder);
  expect(fileNames).toEqual([join(folder, "e2e/ours.spec.ts").replaceAll("\\", "/")]);
});

test.each(written)("what a run writes into %s is neither kept nor linted nor looked through", (name) => {
  // Biome follows the same file.
  expect(readFileSync(join(root, ".gitignore"), "utf8").split("\n")).toContain(`/${name}`);
  expect(isMade(`${name}/index.js`)).toBe(true);
});

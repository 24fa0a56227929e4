import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { longest, longestFirst } from "./longest-first";
import { root } from "./run";

test("the files that are named as the longest are there", () => {
  expect(longest.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

test("the longest files run first, and every other file in the order it had", () => {
  const [last = "", first = ""] = [longest.at(-1), longest[0]];
  const files = ["server/b.test.ts", last, "server/a.test.ts", first, "server/c.test.ts"];
  const sorted = longestFirst(files.map((name) => ({ moduleId: `/project/${name}` })));
  expect(sorted.map(({ moduleId }) => moduleId.slice("/project/".length))).toEqual([
    first,
    last,
    "server/b.test.ts",
    "server/a.test.ts",
    "server/c.test.ts",
  ]);
});

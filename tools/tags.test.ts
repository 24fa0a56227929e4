import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { paths } from "./tree";

const specs = paths.filter((path) => path.endsWith(".spec.ts"));
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** What stands behind `tag:` in the details of tests. */
const details = /\btag: ([^}]*)\}/g;

test.each(specs)("%s bears only tags that playwright.config.ts knows: a misspelt one would run everywhere", (path) => {
  const withoutConditions = [...read(path).matchAll(details)].map(([, found = ""]) => found.replace(/^[^?]*\?/, ""));
  const tags = withoutConditions.flatMap((found) => found.match(/"[^"]*"/g) ?? []);
  for (const tag of tags) expect(['"@stack"', '"@portal"', '"@desktop"']).toContain(tag);
});

test.each(specs)("the tags of %s are Playwright's own, not words of titles", (path) => {
  const outside = read(path).replace(details, "");
  expect(outside.match(/(?<=["'`\s])@[a-z]+(?=["'`\s])/g) ?? []).toEqual([]);
});

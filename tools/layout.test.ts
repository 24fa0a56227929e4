import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";

/** Files that stand in the folder itself, and not in one of a noun. */
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

for (const [folder, most] of [
  ["server", 8],
  ["app", 12],
  ["app/components", 0],
] as const)
  test(`at most ${most} files stand directly in ${folder}: the others are in the folder of their noun`, () => {
    expect(filesIn(folder).length, filesIn(folder).join(", ")).toBeLessThanOrEqual(most);
  });

test("every feature of the pages has its texts beside it", () => {
  for (const feature of readdirSync(join(root, "app/features")))
    expect(
      readdirSync(join(root, "app/features", feature)).some((name) => name.endsWith("texts.ts")),
      feature,
    ).toBe(true);
});

test("every folder of server has its place in the order of imports", () => {
  const { overrides } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8")) as {
    overrides: { includes: string[]; linter?: { rules?: { style?: { noRestrictedImports?: unknown } } } }[];
  };
  const fenced = overrides.flatMap(({ includes, linter }) =>
    linter?.rules?.style?.noRestrictedImports ? includes.map((each) => each.replace(/\/\*\*$/, "")) : [],
  );
  const folders = readdirSync(join(root, "server"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  // The commands are imported by no folder, and helpers of tests are not in the build.
  const nouns = folders.map(({ name }) => name).filter((name) => name !== "cli" && name !== "test");
  expect(nouns.filter((name) => !fenced.includes(`server/${name}`))).toEqual([]);
});

test("a folder of the pages has the name of server's folder of the same noun, and not a part of it", () => {
  const foldersIn = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  const nouns = foldersIn("server");
  const parts = (name: string) => name.split("-");
  const halved = foldersIn("app/features").filter(
    (name) => !nouns.includes(name) && nouns.some((noun) => parts(noun).length > 1 && parts(noun).includes(name)),
  );
  expect(halved).toEqual([]);
});

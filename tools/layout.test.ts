import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";

/** Files that stand in the folder itself, and not in one of a noun. */
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

for (const [folder, most] of [
  ["server", 8],
  ["app", 12],
  ["app/components", 3],
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

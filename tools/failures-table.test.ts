import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { readProofs, readTestTitles } from "./security-table";

// docs/operations/failures.md says of each failure who sees what, how it heals, and which tests show it.

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Every line of the tables, without their heads. */
const lines = read("docs/operations/failures.md")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| failure |"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("the tables have the failures that an operator has to reckon with", () => {
  expect(lines.length).toBeGreaterThanOrEqual(17);
});

for (const [failure = "", ...cells] of lines) {
  test(`of "${failure}" it is said who sees what, how it heals and what shows it`, () => {
    expect(cells).toHaveLength(4);
    for (const cell of cells) expect(cell).not.toBe("");
    expect(readProofs(cells[3] ?? "")).not.toEqual([]);
  });

  for (const { file, title } of readProofs(cells[3] ?? ""))
    test(`"${failure}" is shown by a test that exists: ${file}, ${title}`, () => {
      expect(existsSync(join(root, file)), file).toBe(true);
      expect(readTestTitles(read(file))).toContain(title);
    });
}

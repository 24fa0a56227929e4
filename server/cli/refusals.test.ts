import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { cellText } from "../import/cell";
import { bytesSource } from "../import/import-file";
import type { ImportRow } from "../import/rows";
import { readTable } from "../import/table";
import { Refusals } from "./refusals";

async function* refused(count: number): AsyncGenerator<ImportRow> {
  for (let line = 2; line < 2 + count; line++)
    yield { kind: "refused", line, cells: ["Анна", "x"], problems: [{ field: "email", code: "email" }] };
}

test("what another separator would make a cell of its own is no formula in the file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "refusals-"));
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const cells = ["Анна,=1+1", "x;@SUM(A1)", "a\n-1", "'=1", ",'+1", "''-5", '="+79161234567"', "=+79161234567"];
  const header = ["имя, -", "'-5 … 5?", ..."cdefgh"];
  const refusals = new Refusals(header, join(folder, "people.csv"));
  const rows = async function* (): AsyncGenerator<ImportRow> {
    yield { kind: "refused", line: 2, cells, problems: [{ field: "email", code: "email" }] };
  };
  for await (const _ of refusals.watch(rows()));
  await refusals.end();
  said.mockRestore();
  const text = readFileSync(join(folder, "people.refused.csv"), "utf8");
  rmSync(folder, { recursive: true });
  expect(text.split(/[;,\n]/).filter((cell) => /^["\s]*[=+\-@]/.test(cell))).toEqual([]);
  const read: string[][] = [];
  for await (const record of readTable(bytesSource(Buffer.from(text))(), "utf-8"))
    read.push(record.cells.slice(2).map(cellText));
  expect(read).toEqual([header.map(cellText), cells.map(cellText)]);
});

test("a file that cannot be opened ends with the refused lines and the reason, however many they are", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const path = join(import.meta.dirname, "no-such-folder", "people.csv");
  const refusals = new Refusals(["имя", "почта"], path);
  let passed = 0;
  for await (const _ of refusals.watch(refused(5_000))) passed += 1;
  await refusals.end();
  const words = said.mock.calls.flat().join("\n");
  said.mockRestore();
  expect(passed).toBe(5_000);
  expect(words).toContain("line 2: E-mail: not an address");
  expect(words).toContain("… and 4980 more");
  expect(words).toMatch(/could not be written to .*people\.refused\.csv: ENOENT/);
  expect(words).not.toContain("All rejected lines");
  expect(existsSync(path)).toBe(false);
});

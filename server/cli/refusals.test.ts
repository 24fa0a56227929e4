import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { ImportRow } from "../import/rows";
import { Refusals } from "./refusals";

async function* refused(count: number): AsyncGenerator<ImportRow> {
  for (let line = 2; line < 2 + count; line++)
    yield { kind: "refused", line, cells: ["Анна", "x"], problems: [{ field: "email", code: "email" }] };
}

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

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../routes");
/** Its form is not shown while an import runs, for which alone the page loads its data again. */
const exempt = ["admin.import.tsx"];

test("no page that loads its data again by itself forgets what it answered", () => {
  const forgetful = readdirSync(folder).filter((name) => {
    const source = readFileSync(join(folder, name), "utf8");
    const reloads = /\buse(Steady)?Poll\(/.test(source);
    return reloads && /\buse(Answer|ActionData)\b/.test(source) && !source.includes("useLastAnswer(");
  });
  expect(forgetful).toEqual(exempt);
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { readSecurityTable, readTestTitles } from "./security-table";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const lines = readSecurityTable(read("SECURITY.md"));
const states = ["holds", "partly", "does not hold", "not applicable"];

test("the table has a line for every chapter of ASVS 5", () => {
  const chapters = new Set(lines.map(({ area }) => /^V\d+/.exec(area)?.[0]));
  expect([...Array(17).keys()].map((at) => `V${at + 1}`).filter((chapter) => !chapters.has(chapter))).toEqual([]);
});

for (const { area, requirement, state, proofs, words } of lines) {
  const line = `${area} ${requirement}`;
  test(`the state of "${line}" is one of the four, and not a bare word`, () => {
    expect(states).toContain(state);
    expect(requirement).not.toBe("");
    if (state === "holds" || state === "partly") expect(proofs, "a test that shows it").not.toEqual([]);
    if (state !== "holds") expect(words.length, "a reason").toBeGreaterThan(20);
  });

  for (const { file, title } of proofs)
    test(`"${line}" is shown by a test that exists: ${file}, ${title}`, () => {
      expect(file).toMatch(/\.(test|spec)\.tsx?$/);
      expect(existsSync(join(root, file)), file).toBe(true);
      const titles = readTestTitles(read(file));
      expect(titles).toContain(title);
    });
}

test("a title that no file has, a line without a proof and a cut line are noticed", () => {
  const [line] = readSecurityTable("| V6.2 | Passwords | holds | `a/b.test.ts`: «one»; `c.spec.ts`: «two …» |");
  expect(line).toEqual({
    area: "V6.2",
    requirement: "Passwords",
    state: "holds",
    proofs: [
      { file: "a/b.test.ts", title: "one" },
      { file: "c.spec.ts", title: "two …" },
    ],
    words: "",
  });
  expect(readSecurityTable("| V6.2 | Passwords | partly | The list is short. |")[0]).toMatchObject({
    proofs: [],
    words: "The list is short",
  });
  expect(() => readSecurityTable("| V6.2 | Passwords | holds |")).toThrow("four columns");
  expect(
    readSecurityTable("| area | requirement | state | proof |\n|---|---|---|---|\n| S1 | no | chapter | x |"),
  ).toEqual([]);
});

test("titles are read from calls of every shape", () => {
  const source =
    'test("one", () => {});\n  test(`a ${b}`, x);\ntest.each([1])("each %s", y);\n' +
    'test(\n  "on its own line", z);\ntestOf("none", q);\ntest("with \\"quotes\\"", r);';
  expect(readTestTitles(source)).toEqual(
    expect.arrayContaining(["one", "each %s", "on its own line", 'with "quotes"']),
  );
  expect(readTestTitles(source)).not.toContain("none");
  expect(readTestTitles("test(`a ${b} and ${c({ d })}`, x)")).toEqual(["a … and …"]);
});

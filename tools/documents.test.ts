import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { folders, isMade, paths } from "./tree";

const documents = paths.filter((path) => path.endsWith(".md"));

const isFile = /\.(tsx?|jsx?|mjs|json|md|prisma|css|ya?ml|sql)$/;

/**
 * Paths in code marks: those that begin with one of our folders, and names of files. A `*`, a `NAME` or a `<noun>` is
 * any name.
 */
function namedPaths(text: string): string[] {
  const marked = [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\s]+)`/g)].map(([, name = ""]) => name);
  return marked
    .map((name) => name.replace(/[#:]\S*$/, "").replace(/\/$/, ""))
    .filter((name) => /^[\w.$@<>*{}[\]-]+(\/[\w.$@<>*{}[\]-]+)*$/.test(name) && !isMade(name))
    .filter((name) => isFile.test(name) || (name.includes("/") && folders.includes(name.split("/")[0] ?? "")));
}

function exists(name: string): boolean {
  const escaped = name.replace(/[.$@{}[\]\\]/g, "\\$&").replace(/\*|NAME|<\w+>/g, "[^/]+");
  const pattern = new RegExp(`(^|/)${escaped}$`);
  return paths.some((path) => pattern.test(path));
}

const read = (document: string) => readFileSync(join(root, document), "utf8");

test.each(documents)("every file that %s names exists", (document) => {
  expect(namedPaths(read(document)).filter((name) => !exists(name))).toEqual([]);
});

test.each(documents)("every link of %s to a file leads to one", (document) => {
  const links = [...read(document).matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
  expect(links.filter((target) => !existsSync(resolve(root, dirname(document), target)))).toEqual([]);
});

/** What a translation keeps: the order of headings and tables, commands without their comments, names in code marks, links. */
function skeleton(document: string) {
  const text = read(document).replaceAll(".ru.png)", ".png)");
  const fences = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, commands = ""]) => commands);
  const prose = text.replace(/^ *```[\s\S]*?^ *```$/gm, "");
  const sorted = (matches: IterableIterator<RegExpMatchArray>) => [...matches].map(([, found]) => found).sort();
  return {
    outline: [...prose.matchAll(/^(#+ |\| ?(?=\S)|- |\d+\. )/gm)].map(([mark]) => mark.trim()),
    commands: fences.map((lines) => lines.replace(/ +# .*$/gm, "").trim()),
    codes: sorted(prose.matchAll(/`([^`]+)`/g)),
    links: sorted(prose.replace(/^\[.*\]\(README[.\w]*\)$/m, "").matchAll(/\]\(([^)]+)\)/g)),
  };
}

test("README.ru.md says the same as README.md: headings, rows, commands, names and links", () => {
  expect(skeleton("README.ru.md")).toEqual(skeleton("README.md"));
  expect(read("README.md")).toContain("[По-русски](README.ru.md)");
  expect(read("README.ru.md")).toContain("[English](README.md)");
});

test("the first spec of e2e/README.md is one that is run", () => {
  const [, spec] = /^```ts\n([\s\S]*?)^```$/m.exec(read("e2e/README.md")) ?? [];
  expect(spec).toBe(read("e2e/mandatory-field.spec.ts"));
});

test("every decision has a number of its own, and its heading bears it", () => {
  const decisions = readdirSync(join(root, "docs/decisions"));
  const numbers = decisions.map((name) => name.slice(0, 4));
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  for (const name of decisions)
    expect(read(`docs/decisions/${name}`), name).toMatch(new RegExp(`^# ${name.slice(0, 4)} `));
});

test("docs/ARCHITECTURE.md names every folder of server", () => {
  const text = read("docs/ARCHITECTURE.md");
  const nouns = readdirSync(join(root, "server"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(nouns.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

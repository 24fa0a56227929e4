import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run";
import { paths } from "./tree";

/** Words that docs/GLOSSARY.md has replaced, and pronouns that leave open who is meant. */
const replaced: [word: RegExp, instead: string][] = [
  [/\bregistrants?\b/i, "person, registration"],
  [/cohort/i, "group"],
  [/\bparcels?\b/i, "command, request"],
  [/\b(a|the|open|each) findings?\b|\bFindings?[A-Z]|data-finding/, "conflict"],
  [/\bpreflight/i, "connection check"],
  [/\b(crm-)?lease\b/i, "leader lock"],
  [/\bspeaker\b/i, "leader"],
  [/\bjournals?\b/i, "progress, call log"],
  [/\bupkeep\b/i, "maintenance"],
  [/\bsigns? of life\b/i, "heartbeat"],
  [/\b(nightly|quiet|second|next) walks?\b|data-walk/, "reconciliation"],
  [/\bstumble[sd]?\b/i, "fail"],
  [/FigureZone|DailyFigure|count_figures/, "statistic"],
  [/\bDOUBLE_(DEAL|CONTACT)\b/, "duplicate"],
  [/\bwhoever\b/i, "the noun that is meant"],
  [/\bsomebody\b/i, "the noun that is meant"],
  [/\banybody\b/i, "the noun that is meant"],
];

/** Decisions and migrations tell how things were; this file names the words. */
const history = /^(docs\/decisions|prisma\/migrations)\/|^(LICENSE|package-lock\.json|tools\/words\.test\.ts)$/;
const files = paths.filter((path) => /\.(tsx?|js|md|json|prisma|ya?ml|css)$/.test(path) && !history.test(path));

test.each(replaced)("%s is replaced by its word of the glossary: %s", (word) => {
  const left = files.flatMap((name) =>
    readFileSync(join(root, name), "utf8")
      .split("\n")
      .flatMap((line, index) => (word.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(left).toEqual([]);
});

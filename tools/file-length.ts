import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./run";

const most = 300;
const skipped = new Set([
  "node_modules",
  "build",
  "generated",
  "data",
  "coverage",
  "test-results",
  "playwright-report",
]);

/** Source files that have grown beyond what one takes in at a sitting, as lines for the report. */
export function longFiles(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) || entry.name.startsWith(".") ? [] : longFiles(path);
    if (!/\.tsx?$/.test(entry.name)) return [];
    const lines = readFileSync(path, "utf8").split("\n").length - 1;
    return lines > most ? [`${relative(root, path)}: ${lines} lines, ${most} at most`] : [];
  });
}

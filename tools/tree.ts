import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run";

/** Built, installed or written by a run: not in the tree. */
export const isMade = (path: string): boolean =>
  /^(build|node_modules|data|pictures|coverage|test-results|playwright-report|blob-report|bench\/results|prisma\/generated)(\/|$)/.test(
    path,
  );

export const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !isMade(entry.name) && entry.name !== ".git")
  .map(({ name }) => name);

/** All files and folders of the tree, by their paths from its root. */
export const paths = [
  ...readdirSync(root),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((path) => !isMade(path)),
  ),
];

import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./run";

const inputsOf = {
  "prisma/generated/client.ts": ["prisma/schema.prisma", "package-lock.json"],
  "build/server/index.js": [
    "app",
    "server",
    "public",
    "prisma/schema.prisma",
    "package-lock.json",
    "remix.config.js",
    "tailwind.config.ts",
    "tools/bundle.js",
    "vite.config.ts",
  ],
};

/** Whether it has to be made: it is not there, or something it is made from has changed since. */
export function isStale(output: keyof typeof inputsOf): boolean {
  const made = modified(resolve(root, output));
  return inputsOf[output].some((input) => newest(resolve(root, input)) > made);
}

/** A folder's own time tells of files that were removed. */
function newest(path: string): number {
  const own = modified(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own;
  return Math.max(own, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

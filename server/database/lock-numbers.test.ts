import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const server = resolve(import.meta.dirname, "..");

test("no two advisory locks have the same number, so that nothing waits for what it has nothing to do with", () => {
  const numbers = readdirSync(server, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .flatMap((path) => [
      ...readFileSync(join(server, path), "utf8").matchAll(/const (\w*(?:Lock|Key|lockKey)) = ([\d_]+);/g),
    ])
    .map(([, name, number = ""]) => ({ name, number: Number(number.replaceAll("_", "")) }));
  expect(numbers.map(({ name }) => name).sort()).toEqual([
    "guardKey",
    "lockKey",
    "migrationLock",
    "prepareLock",
    "turnLock",
    "useKey",
  ]);
  expect(new Set(numbers.map(({ number }) => number)).size).toBe(numbers.length);
});

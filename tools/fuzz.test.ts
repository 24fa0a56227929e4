import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { root } from "./run";

test.each([
  ["FUZZ_REQUESTS", "many"],
  ["FUZZ_REQUESTS", "0"],
  ["FUZZ_AT_ONCE", "0"],
  ["FUZZ_SEED", "today"],
])("a fuzz that would send nothing, or nothing that can be repeated, does not begin: %s=%s", (name, value) => {
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "tools/fuzz.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH, NODE_ENV: "test", [name]: value },
  });
  expect(stderr).toContain(`${name}=${value}: expected a whole number`);
  expect(status).toBe(1);
});

import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { serverLog } from "./server-log";

const folder = makeTestFolder();
afterAll(() => {
  vi.unstubAllEnvs();
  removeTestFolder(folder);
});

test("two runs in one checkout, each with an output folder of its own, leave each other's logs alone", () => {
  const logs = ["1", "2"].map((run) => {
    vi.stubEnv("E2E_OUTPUT", join(folder, run));
    const file = serverLog("server-0");
    appendFileSync(file, run);
    return file;
  });
  expect(logs.map((file) => readFileSync(file, "utf8"))).toEqual(["1", "2"]);
});

test("a log begins anew with its run", () => {
  vi.stubEnv("E2E_OUTPUT", join(folder, "again"));
  appendFileSync(serverLog("server-0"), "old");
  expect(readFileSync(serverLog("server-0"), "utf8")).toBe("");
});

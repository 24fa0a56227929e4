import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { createLog } from "../platform/log";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { limitTimes } from "../test/limit-times";
import { createEmptyDatabase } from "../test/template";
import { migrate } from "./migrate";

test("a migration takes as long as it takes, whatever limits its role has", async () => {
  const { url, drop } = await createEmptyDatabase(inject("template"));
  const folder = makeTestFolder();
  onTestFinished(async () => {
    removeTestFolder(folder);
    await drop();
  });
  const name = "29990101000000_long";
  mkdirSync(join(folder, "migrations", name), { recursive: true });
  writeFileSync(join(folder, "migrations", name, "migration.sql"), "select pg_sleep(1.5);");
  await limitTimes(url, 1_000);
  expect(await migrate({ databaseUrl: url, log: createLog("silent"), folder })).toEqual({ applied: [name] });
});

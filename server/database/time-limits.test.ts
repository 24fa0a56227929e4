import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase } from "../test/database";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { limitTimes } from "../test/limit-times";
import { createEmptyDatabase } from "../test/template";
import { migrate } from "./migrate";
import { inLongTransaction } from "./time-limits";

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

test("work that grows with the number of people takes as long as it takes, and what follows has the role's limits", async () => {
  const { db, url, drop } = await createTestDatabase();
  onTestFinished(drop);
  await limitTimes(url, 1_000);
  await inLongTransaction(db, (tx) => tx.$executeRaw`select pg_sleep(1.5)`);
  expect(await db.$queryRaw`show statement_timeout`).toEqual([{ statement_timeout: "1s" }]);
});

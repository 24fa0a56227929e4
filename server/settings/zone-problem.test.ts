import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { newestChange, saveSettings, undoSettings } from "./change";
import { readSetting } from "./read-setting";
import { openSettings } from "./settings";
import { zoneProblem } from "./zone-problem";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Node knows it as another name of America/Los_Angeles; the zones of which PostgreSQL is made have had it no more since 2020. */
const unknown = "US/Pacific-New";

test("a time zone that Node knows and PostgreSQL does not is not saved, nor put back by undoing", async () => {
  const { db } = database;
  const actor = await makeAdmin(db);
  const settings = await openSettings({ db, log: createLog("silent"), env: parseEnv({}) }, { follow: false });
  const services = { db, env: settings.env, settings };
  const save = async (timeZone: string) =>
    saveSettings(services, { actor, texts: { timeZone }, seen: await newestChange(services) });

  expect(readSetting("timeZone", unknown)).toEqual({ value: unknown });
  expect(await zoneProblem({ db }, { timeZone: unknown })).toMatchObject({ en: expect.stringContaining("database") });
  expect(await zoneProblem({ db }, { timeZone: "America/Los_Angeles" })).toBeNull();
  await expect(save(unknown)).rejects.toMatchObject({ code: "INVALID" });

  // Of the time before it was asked, or of another PostgreSQL.
  await db.setting.create({ data: { key: "timeZone", value: unknown } });
  const { id } = await save("Europe/Moscow");
  await expect(undoSettings(services, { actor, id: id ?? 0 })).rejects.toMatchObject({ code: "INVALID" });
  expect(settings.env.TIME_ZONE).toBe("Europe/Moscow");
  await settings.stop();
});

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { changedSince, newestChange, type SettingTexts, saveSettings } from "./change";
import { openSettings } from "./settings";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a page that has saved something itself is overtaken by what was changed before and after it only", async () => {
  const log = createLog("silent");
  const settings = await openSettings({ db: database.db, log, env: parseEnv({}) }, { follow: false });
  onTestFinished(() => settings.stop());
  const services = { db: database.db, env: settings.env, settings };
  const actor = await makeAdmin(database.db);
  const save = async (texts: SettingTexts) =>
    saveSettings(services, { actor, texts, seen: await newestChange(services) });
  const seen = await newestChange(services);
  await save({ price: "7" });
  await save({ dealTitle: "{phone}", source: "CALL" });
  const own = await newestChange(services);
  const sent = { source: "WEB", dealTitle: "{name}", price: "" };
  expect(await changedSince(services, { texts: sent, seen, own })).toEqual({ untouched: ["price"], overtaken: [] });
  await save({ dealTitle: "{number}" });
  expect(await changedSince(services, { texts: sent, seen, own })).toMatchObject({ overtaken: ["dealTitle"] });
  const unchanged = { ...sent, dealTitle: "{phone}" };
  expect(await changedSince(services, { texts: unchanged, seen, own })).toEqual({
    untouched: ["dealTitle", "price"],
    overtaken: [],
  });
});

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { newestChange, type SettingTexts, saveSettings, settingsHistory, undoSettings } from "./change";
import { openSettings } from "./settings";

let database: TestDatabase;
let actor: Actor;
let colleague: Actor;
beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
  colleague = await makeAdmin(database.db);
});
afterAll(() => database.drop());

async function start() {
  const log = createLog("silent");
  const settings = await openSettings({ db: database.db, log, env: parseEnv({}) }, { follow: false });
  onTestFinished(async () => {
    await settings.stop();
    await database.db.setting.deleteMany();
    await database.db.settingChange.deleteMany();
  });
  const web = { db: database.db, env: settings.env, settings };
  const save = async (by: Actor, texts: SettingTexts) =>
    saveSettings(web, { actor: by, texts, seen: await newestChange(web) });
  return { web, save };
}

test("what a colleague sets again is not taken back with the change that had set it before", async () => {
  const { web, save } = await start();
  await save(actor, { siteName: "Desk", alertWait: "5" });
  const id = await newestChange(web);
  await undoSettings(web, { actor, id });
  const texts = { siteName: "Desk", alertWait: "5" };
  await save(colleague, texts);
  expect((await settingsHistory(web)).map(({ undoable }) => undoable)).toEqual([true, false, false]);
  await expect(undoSettings(web, { actor, id })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(web.env).toMatchObject({ SITE_NAME: "Desk", ALERT_WAIT_MINUTES: 5 });
});

test("a change whose undoing a colleague has taken back is no longer undone by its own number", async () => {
  const { web, save } = await start();
  await save(actor, { siteName: "Desk" });
  const id = await newestChange(web);
  await undoSettings(web, { actor, id });
  await undoSettings(web, { actor: colleague, id: await newestChange(web) });
  await expect(undoSettings(web, { actor, id })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(web.env.SITE_NAME).toBe("Desk");
  await undoSettings(web, { actor, id: await newestChange(web) });
  expect(web.env.SITE_NAME).toBeUndefined();
});

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { newestChange, saveSettings, settingsHistory, undoSettings } from "./change";
import { sealText } from "./secret-text";
import { openSettings, type Settings } from "./settings";
import { viewSettings } from "./view";

let database: TestDatabase;
let actor: Actor;
const open: Settings[] = [];
const lines: string[] = [];
const log = createLog("debug", { write: (line) => void lines.push(line) });
const token = "123456:AAExampleTokenOfABotWithEnoughLetters";
const other = "654321:AAAnotherTokenOfABotWithEnoughLetters";

beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
});
afterEach(async () => {
  for (const settings of open.splice(0)) await settings.stop();
  await database.db.setting.deleteMany();
  await database.db.settingChange.deleteMany();
});
afterAll(() => database.drop());

async function start(env: Record<string, string> = {}, { follow = false } = {}) {
  const settings = await openSettings({ db: database.db, log, env: parseEnv(env) }, { follow });
  open.push(settings);
  return { db: database.db, env: settings.env, settings };
}
const save = async (services: Awaited<ReturnType<typeof start>>, texts: Record<string, string>) =>
  saveSettings(services, { actor, texts, seen: await newestChange(services) });

/** All that is stored or shown of settings. */
const everything = async (services: Awaited<ReturnType<typeof start>>) =>
  JSON.stringify([
    await database.db.setting.findMany(),
    await database.db.settingChange.findMany(),
    (await database.db.auditEntry.findMany()).map(({ details }) => details),
    await settingsHistory(services),
    await viewSettings(services),
    lines,
  ]);

test("a secret is used by all processes, and stands readable in no table, history, view or log", async () => {
  const [web, worker] = [await start(), await start()];
  await save(web, { alertTelegramToken: ` ${token} ` });
  await worker.settings.reload();
  expect([web.env.ALERT_TELEGRAM_TOKEN, worker.env.ALERT_TELEGRAM_TOKEN]).toEqual([token, token]);
  const kept = await everything(web);
  expect(kept).not.toContain(token);
  expect(kept).not.toContain(token.split(":")[1]);
  const view = (await viewSettings(web, "alerts")).settings.find(({ key }) => key === "alertTelegramToken");
  expect(view).toEqual({ key: "alertTelegramToken", locked: false, text: "", isSet: true });
});

test("a change of a secret can be undone, and a removed one is gone", async () => {
  const web = await start();
  await save(web, { alertTelegramToken: token });
  await save(web, { alertTelegramToken: other });
  expect(web.env.ALERT_TELEGRAM_TOKEN).toBe(other);
  await undoSettings(web, { actor, id: await newestChange(web) });
  expect(web.env.ALERT_TELEGRAM_TOKEN).toBe(token);
  await save(web, { alertTelegramToken: "" });
  expect(web.env.ALERT_TELEGRAM_TOKEN).toBeUndefined();
});

test("a change of a secret can still be undone once a new session secret has sealed it anew", async () => {
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  const before = await start({ SESSION_SECRET: old });
  await save(before, { alertTelegramToken: token });
  await save(before, { alertTelegramToken: other });
  const web = await start({ SESSION_SECRET: `${present},${old}` }, { follow: true });
  expect((await settingsHistory(web))[0]).toMatchObject({ undoable: true });
  await undoSettings(web, { actor, id: await newestChange(web) });
  expect(web.env.ALERT_TELEGRAM_TOKEN).toBe(token);
});

test("a secret that does not fit is refused, sealed or not, and so is one that was sealed for another setting", async () => {
  const web = await start();
  for (const text of [
    "no token",
    sealText(web.env, "alertTelegramToken", "no token"),
    sealText(web.env, "alertUrl", token),
  ])
    await expect(save(web, { alertTelegramToken: text })).rejects.toMatchObject({ code: "INVALID" });
  expect(await database.db.setting.count()).toBe(0);
});

test("a secret of the environment locks its setting, and is not shown either", async () => {
  const locked = await start({ ALERT_TELEGRAM_TOKEN: token });
  const view = (await viewSettings(locked, "alerts")).settings.find(({ key }) => key === "alertTelegramToken");
  expect(view).toEqual({ key: "alertTelegramToken", locked: true, text: "", isSet: true });
});

test("a new session secret seals anew at the next start; without the old one the setting has its default", async () => {
  const [old, present] = ["a".repeat(40), "b".repeat(40)];
  await save(await start({ SESSION_SECRET: old }), { alertTelegramToken: token });
  const lost = await start({ SESSION_SECRET: present });
  expect(lost.env.ALERT_TELEGRAM_TOKEN).toBeUndefined();
  expect((await start({ SESSION_SECRET: `${present},${old}` }, { follow: true })).env.ALERT_TELEGRAM_TOKEN).toBe(token);
  expect((await start({ SESSION_SECRET: present })).env.ALERT_TELEGRAM_TOKEN).toBe(token);
});

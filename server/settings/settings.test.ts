import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { type Env, parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { changedSince, newestChange, saveSettings, settingsHistory, undoSettings } from "./change";
import { type SettingKey, setting, settingKeys } from "./definitions";
import { readSetting } from "./read-setting";
import { openSettings, type Settings } from "./settings";
import { viewSettings } from "./view";

let database: TestDatabase;
let actor: Actor;
const open: Settings[] = [];
const log = createLog("silent");

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

/** A process of the site. */
async function start(env: Record<string, string> = {}, options?: { follow?: boolean }) {
  const settings = await openSettings({ db: database.db, log, env: parseEnv(env) }, options ?? { follow: false });
  open.push(settings);
  return { db: database.db, env: settings.env, settings };
}

const save = async (services: Awaited<ReturnType<typeof start>>, texts: Record<string, string>) =>
  saveSettings(services, { actor, texts, seen: await newestChange(services) });

test("a saved setting is used at once, and by another process without a restart", async () => {
  const [web, worker] = [await start(), await start({}, { follow: true })];
  await save(web, { responsible: "12, 15", dealTitle: "{number}", timeZone: "Europe/Moscow" });
  expect(web.env).toMatchObject({ BITRIX24_ASSIGNED_BY_IDS: [12, 15], BITRIX24_DEAL_TITLE: "{number}" });
  await expect.poll(() => worker.env.TIME_ZONE).toBe("Europe/Moscow");
  const later = await start();
  expect(later.env.BITRIX24_ASSIGNED_BY_IDS).toEqual([12, 15]);
});

test("the parts that follow a setting are called after it has changed", async () => {
  const web = await start();
  const zones: string[] = [];
  web.settings.onChange(async () => void zones.push(web.env.TIME_ZONE));
  await save(web, { timeZone: "Asia/Omsk" });
  await web.settings.reload();
  expect(zones).toEqual(["Asia/Omsk"]);
});

for (const follow of [true, false])
  test(`a part that could not follow a change is called until it has, the rest once: ${follow ? "by itself" : "at the next reading"}`, async () => {
    const lines: string[] = [];
    const log = createLog("warn", { write: (line) => void lines.push(line) });
    const settings = await openSettings({ db: database.db, log, env: parseEnv({}) }, { follow });
    open.push(settings);
    const calls: string[] = [];
    settings.onChange(async () => {
      calls.push(`fails ${settings.env.TIME_ZONE}`);
      if (calls.length < 4) throw new Error("the database is away");
    });
    settings.onChange(async () => void calls.push(`follows ${settings.env.TIME_ZONE}`));
    await save({ db: database.db, env: settings.env, settings }, { timeZone: "Asia/Omsk" });
    expect(calls.slice(0, 2)).toEqual(["fails Asia/Omsk", "follows Asia/Omsk"]);
    for (let again = 0; !follow && again < 3; again++) await settings.reload();
    await expect.poll(() => calls.length).toBe(4);
    await settings.reload();
    expect(calls).toEqual(["fails Asia/Omsk", "follows Asia/Omsk", ...Array(2).fill("fails Asia/Omsk")]);
    // Every two seconds the same line would bury the others.
    expect(lines).toEqual([expect.stringContaining("the database is away")]);
  });

test("what stands in the environment is shown as locked, is not changed, and wins over what was stored before", async () => {
  await save(await start(), { alertEmail: "old@example.com", alertWait: "5" });
  const locked = await start({ ALERT_EMAIL: "ops@example.com", BITRIX24_ASSIGNED_BY_IDS: "3,4" });
  expect(locked.env).toMatchObject({ ALERT_EMAIL: "ops@example.com", ALERT_WAIT_MINUTES: 5 });
  const { settings } = await viewSettings(locked);
  const shown = (key: string) => settings.find((each) => each.key === key);
  expect(shown("alertEmail")).toEqual({ key: "alertEmail", locked: true, text: "ops@example.com" });
  expect(shown("responsible")).toEqual({ key: "responsible", locked: true, text: "3, 4" });
  expect(shown("alertWait")).toEqual({ key: "alertWait", locked: false, text: "5" });
  await expect(save(locked, { alertEmail: "new@example.com" })).rejects.toMatchObject({ code: "INVALID" });
});

test("every locked setting is shown as a text that means what the environment has", async () => {
  const texts: Partial<Record<SettingKey, string>> = {
    siteName: "Desk",
    accent: "#8a1c5b",
    logo: `${"ab".repeat(32)};120x40`,
    operatorName: "Front Desk Ltd",
    operatorAddress: "1, Main street",
    operatorEmail: "data@example.com",
    privacyPolicy: "https://example.com/privacy",
    ownHosts: "www.example.com, shop.example.com",
    timeZone: "Europe/Moscow",
    product: "1800",
    price: "149.5",
    showPrice: "off",
    dealTitle: "{name}",
    funnel: "1",
    stage: "C1:NEW",
    source: "CALL",
    responsible: "3, 4",
    keepOwner: "off",
    fields: "gclid=deal.UF_CRM_CLICK, text:North%2C%20west=contact.post",
    traces: "off",
    paidStage: "WON",
    alertEmail: "ops@example.com",
    alertTelegramChat: "-1001",
    alertLanguage: "ru",
    alertDigest: "10",
    alertWait: "5",
    embedOrigins: "https://shop.example.com, http://localhost:8080",
    welcomeMail: "on",
    welcomeSubjectRu: "Добро пожаловать, {name}",
    welcomeTextRu: "Здравствуйте!\n\n{link}",
    welcomeSubjectEn: "Welcome, {name}",
    welcomeTextEn: "Hello!\n\n{link}",
    managerMail: "on",
    managerEmails: "boss@example.com, sales@example.com",
    managerLanguage: "en",
    managerSubjectRu: "Новый: {name}",
    managerTextRu: "{name}\n{phone}",
    managerSubjectEn: "New: {name}",
    managerTextEn: "{name}\n{phone}",
    responsibleMessage: "on",
    responsibleLanguage: "en",
    responsibleTextRu: "{name}\n{deal}",
    responsibleTextEn: "{name}\n[B]{deal}[/B]",
  };
  // A secret is set, and not shown.
  const secrets: typeof texts = { alertTelegramToken: `1:${"A".repeat(30)}`, alertUrl: "https://example.com/hook" };
  const named = Object.fromEntries(settingKeys.map((key) => [setting(key).env, texts[key] ?? secrets[key] ?? ""]));
  const { settings } = await viewSettings(await start(named));
  const unseen = { alertTelegramToken: "", alertUrl: "" };
  expect(Object.fromEntries(settings.map(({ key, text }) => [key, text]))).toEqual({ ...texts, ...unseen });
  expect(settings.every(({ locked }) => locked)).toBe(true);
});

test("a blank text and the default's own text are the default", async () => {
  const web = await start();
  await save(web, { alertWait: "5", dealTitle: "{name}" });
  await save(web, { alertWait: " ", dealTitle: "{name} — {product}" });
  expect(web.env).toMatchObject({ ALERT_WAIT_MINUTES: 30, BITRIX24_DEAL_TITLE: "{name} — {product}" });
  expect(await database.db.setting.count()).toBe(0);
});

test("every setting's default text means the same as an environment without its variable", () => {
  const none: Env = parseEnv({});
  for (const key of settingKeys) {
    const { env, usual } = setting(key);
    if (usual !== undefined) expect(readSetting(key, usual), key).toEqual({ value: none[env] });
    expect(readSetting(key, " "), key).toEqual({ value: none[env] });
  }
});

test("history tells who changed what, and a change is undone exactly", async () => {
  const web = await start();
  await save(web, { siteName: "First", alertWait: "5" });
  await save(web, { siteName: "Second" });
  const [second, first] = await settingsHistory(web);
  expect(second).toMatchObject({
    actor: { kind: "USER", id: actor.id },
    changes: { siteName: { from: "First", to: "Second" } },
    undoable: true,
  });
  // Its name was changed again since.
  expect(first?.undoable).toBe(false);
  await expect(undoSettings(web, { actor, id: first?.id ?? 0 })).rejects.toMatchObject({ code: "CONFLICT" });

  await undoSettings(web, { actor, id: second?.id ?? 0 });
  expect(web.env.SITE_NAME).toBe("First");
  await undoSettings(web, { actor, id: first?.id ?? 0 });
  expect(web.env).toMatchObject({ SITE_NAME: undefined, ALERT_WAIT_MINUTES: 30 });
  expect((await settingsHistory(web)).map(({ undoes }) => undoes)).toEqual([first?.id, second?.id, null, null]);
  await expect(undoSettings(web, { actor, id: 999_999 })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("each change stands in the audit log by the names of its settings, without their values", async () => {
  const web = await start();
  await save(web, { alertEmail: "ops@example.com", siteName: "Desk" });
  const entry = await database.db.auditEntry.findFirstOrThrow({ orderBy: { id: "desc" } });
  expect(entry).toMatchObject({ action: "settings.change", actorId: actor.id });
  expect(JSON.stringify(entry.details)).not.toContain("ops@");
  expect(entry.details).toEqual({ keys: "alertEmail, siteName" });
});

test("nobody overwrites a change that they have not seen; other settings may be changed all the same", async () => {
  const web = await start();
  const seen = await newestChange(web);
  await saveSettings(web, { actor, texts: { siteName: "One" }, seen });
  await expect(saveSettings(web, { actor, texts: { siteName: "Two" }, seen })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await saveSettings(web, { actor, texts: { alertWait: "7" }, seen });
  expect(web.env).toMatchObject({ SITE_NAME: "One", ALERT_WAIT_MINUTES: 7 });
});

test("a page that is older than a change tells what was changed meanwhile from what is wanted differently", async () => {
  const web = await start();
  await save(web, { source: "WEB", dealTitle: "{name}", responsible: "3" });
  const seen = await newestChange(web);
  const sent = { source: "WEB", dealTitle: "{number}", responsible: "3", price: "5" };
  expect(await changedSince(web, { texts: sent, seen })).toEqual({ untouched: [], overtaken: [] });
  await save(web, { source: "CALL", dealTitle: "{phone}", price: "7" });
  await save(web, { source: "EMAIL" });
  const untouched = ["source"];
  expect(await changedSince(web, { texts: sent, seen })).toEqual({ untouched, overtaken: ["dealTitle", "price"] });
  const same = { ...sent, dealTitle: "{phone}", price: "7" };
  expect(await changedSince(web, { texts: same, seen })).toEqual({ untouched, overtaken: [] });
});

test("of two who save the same setting at once only one is heard", async () => {
  const [one, other] = [await start(), await start()];
  const seen = await newestChange(one);
  const saved = await Promise.allSettled([
    saveSettings(one, { actor, texts: { siteName: "One" }, seen }),
    saveSettings(other, { actor, texts: { siteName: "Other" }, seen }),
  ]);
  expect(saved.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await database.db.settingChange.count()).toBe(1);
});

test("lines of a mail's text are stored with one kind of line break, so that a form sent unchanged changes nothing", async () => {
  const web = await start();
  await save(web, { welcomeTextEn: "Hello {firstName}!\r\n\r\nRead on: {link}\r\n" });
  expect(web.env.WELCOME_TEXT_EN).toBe("Hello {firstName}!\n\nRead on: {link}");
  await save(web, { welcomeTextEn: "Hello {firstName}!\n\nRead on: {link}" });
  expect(await database.db.settingChange.count()).toBe(1);
  await save(web, {
    welcomeTextEn: "Hello {firstName},\r\n\r\nThank you for registering at {site}.\r\n\r\nYour account: {link}",
  });
  expect(await database.db.setting.count()).toBe(0);
});

test("nothing is written if nothing changes, or if one of several texts is refused", async () => {
  const web = await start();
  await save(web, { siteName: "", keepOwner: "on" });
  await expect(save(web, { siteName: "Desk", responsible: "Anna" })).rejects.toMatchObject({ code: "INVALID" });
  expect(await database.db.settingChange.count()).toBe(0);
  expect(web.env.SITE_NAME).toBeUndefined();
});

test("a stored text that this release cannot read has its default, and unknown keys are left alone", async () => {
  await database.db.setting.createMany({
    data: [
      { key: "responsible", value: "Anna" },
      { key: "ofALaterRelease", value: "x" },
      { key: "siteName", value: "Desk" },
    ],
  });
  const web = await start();
  expect(web.env).toMatchObject({ BITRIX24_ASSIGNED_BY_IDS: [], SITE_NAME: "Desk" });
  await save(web, { siteName: "Other" });
  expect(await database.db.setting.count()).toBe(3);
});

for (const [key, text, words] of [
  ["dealTitle", "{name} {price_usd}", "{price_usd}"],
  ["dealTitle", "x".repeat(256), "255"],
  ["timeZone", "MSK", "IANA"],
  ["alertEmail", "nobody", "name@example.com"],
  ["alertWait", "-1", "525600"],
  ["ownHosts", "a b", "www.example.com"],
  ["privacyPolicy", "http://example.com", "https://"],
  ["privacyPolicy", "javascript:alert(1)", "https://"],
  ["siteName", "a\nb", "Line breaks"],
  ["accent", "green", "#0c5a4b"],
  ["accent", "#ffd400", "too light"],
  ["logo", "https://example.com/logo.png", "upload"],
  ["logo", `${"ab".repeat(32)};0x40`, "upload"],
  ["embedOrigins", "https://shop.example.com, https://*.example.com", "asterisk"],
  ["embedOrigins", "null", "null: this is not an address"],
  ["keepOwner", "maybe", "yes or no"],
  ["welcomeMail", "maybe", "Choose"],
  ["welcomeSubjectEn", "Hello {nmae}", "{nmae}"],
  ["welcomeSubjectEn", "Hello\nBcc: all@example.com", "Line breaks"],
  ["welcomeTextRu", "Hello {name", "partner"],
  ["managerTextEn", "x".repeat(4_001), "4000"],
  ["managerTextEn", "a\u0000b", "Line breaks"],
  ["managerEmails", "boss@example.com, nobody", "name@example.com"],
  ["managerEmails", Array.from({ length: 11 }, (_, n) => `a${n}@example.com`).join(), "At most ten"],
] as const)
  test(`${key} refuses ${text.slice(0, 25)} and says why in both languages`, () => {
    const read = readSetting(key, text);
    expect(read).toMatchObject({
      problem: { en: expect.stringContaining(words), ru: expect.stringMatching(/\p{Script=Cyrillic}/u) },
    });
  });

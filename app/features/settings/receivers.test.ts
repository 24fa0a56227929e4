import { afterAll, beforeAll, expect, test } from "vitest";
import { passwordAgainField } from "~/page/interruption";
import * as settingsPage from "~/routes/admin.settings";
import * as settingsGroup from "~/routes/admin.settings_.$group";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { hashPassword } from "~server/auth/password";
import { namesReceiver } from "~server/settings/receivers";
import { makeUser } from "~server/test/factories";
import { cookiesOf } from "~server/test/sign-in";

let app: ApiApp;
let cookie: string;
const password = "the administrator's own phrase";

beforeAll(async () => {
  const pages = { "admin/settings": settingsPage, "admin/settings/:group": settingsGroup };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  Object.assign(app.services, { settings: { reload: async () => {} } });
  const { id } = await makeUser(app.services.db, { role: "ADMIN", passwordHash: await hashPassword(password) });
  cookie = cookiesOf([await startSession(app.services, id, null, "ADMIN")]);
});
afterAll(() => app.stop());

/** As a script sends it, in a session whose password was given long ago. */
async function send(path: string, fields: Record<string, string>) {
  await app.services.db.session.updateMany({ data: { confirmedAt: new Date(0) } });
  const headers = { cookie, "accept-language": "en" };
  const answer = await app.fetch(`${path}.data`, { method: "POST", headers, body: new URLSearchParams(fields) });
  return { status: answer.status, text: await answer.text() };
}

const seen = async () => String((await app.services.db.settingChange.aggregate({ _max: { id: true } }))._max.id ?? 0);
const stored = async (key: string) => (await app.services.db.setting.findUnique({ where: { key } }))?.value;
const save = async (group: string, fields: Record<string, string>) =>
  send(`/admin/settings/${group}`, { seen: await seen(), step: "save", ...fields });

for (const [key, value] of [
  ["alertEmail", "intruder@example.com"],
  ["alertUrl", "https://receiver.example/alerts"],
  ["alertTelegramToken", `1:${"A".repeat(35)}`],
  ["alertTelegramChat", "-1001"],
] as const)
  test(`the setting ${key} is saved only after the password was given again, and as it was typed`, async () => {
    const fields = { [key]: value };
    const asked = await save("alerts", fields);
    expect(asked.status).toBe(403);
    expect(asked.text).toContain("interrupted");
    expect(asked.text).toContain(key);
    expect(await stored(key)).toBeUndefined();

    expect((await save("alerts", { ...fields, [passwordAgainField]: password })).status).toBe(200);
    expect(await stored(key)).toBeDefined();
    await app.services.db.setting.deleteMany();
    await app.services.db.settingChange.deleteMany();
  });

test("the mail to managers and its addresses are receivers, and neither its words nor its end is one", () => {
  const to = (key: string, value: string | null) => namesReceiver({ [key]: { from: null, to: value } });
  expect([to("managerEmails", "a@example.com"), to("managerMail", "on")]).toEqual([true, true]);
  expect([to("managerEmails", null), to("managerMail", "off"), to("managerLanguage", "en")]).toEqual(
    Array(3).fill(false),
  );
});

test("what names nobody is saved without it, and taking back what named a receiver asks for it", async () => {
  expect((await save("alerts", { alertWait: "45" })).status).toBe(200);
  expect(await stored("alertWait")).toBe("45");

  await save("alerts", { alertEmail: "former@example.com", [passwordAgainField]: password });
  expect((await save("alerts", { alertEmail: "" })).status).toBe(200);
  const undo = await seen();
  expect((await send("/admin/settings", { undo })).status).toBe(403);
  expect((await send("/admin/settings", { undo, [passwordAgainField]: password })).status).toBe(200);
  expect(await stored("alertEmail")).toBe("former@example.com");
});

test("a saved change is told by a message that can take it back, unless that would ask for the password again", async () => {
  const isToldByPage = async (fields: Record<string, string>) => {
    const body = new URLSearchParams({ seen: await seen(), step: "save", ...fields });
    const headers = { cookie, "accept-language": "en" };
    const page = await app.fetch("/admin/settings/alerts", { method: "POST", headers, body });
    const [, role] = /<div( role="status")?[^>]*>Saved: 1 setting\./.exec(await page.text()) ?? ["", "none"];
    return role;
  };
  await save("alerts", { alertEmail: "one@example.com", [passwordAgainField]: password });
  expect(await isToldByPage({ alertWait: "50" })).toBeUndefined();
  expect(await isToldByPage({ alertEmail: "" })).toBe(' role="status"');
});

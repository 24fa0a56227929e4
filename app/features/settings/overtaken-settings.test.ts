import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as settingsGroup from "~/routes/admin.settings_.$group";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import type { Actor } from "~server/audit/actor";
import { type Changes, newestChange, type SettingTexts, saveSettings, storedSettings } from "~server/settings/change";
import { openSettings } from "~server/settings/settings";
import { makeAdmin } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";
import { ownField, seenField, stepField } from "./form-fields";
import { answerSettings } from "./settings-form.server";

// A page of settings that a colleague changes while it is open, as a browser without scripts gets it.

let app: ApiApp;
let actor: Actor;
let cookie: string;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/settings/:group": settingsGroup }));
  const { services } = app;
  const settings = await openSettings(services, { follow: false });
  Object.assign(services, { settings, env: settings.env });
  const admin = await makeAdmin(services.db);
  actor = admin;
  cookie = await sessionCookieOf(services, admin.id);
});
afterAll(async () => {
  await app.services.settings.stop();
  await app.stop();
});
beforeEach(async () => {
  await app.services.db.setting.deleteMany();
});

/** What the page's form sends of itself: its last one, below a review. */
const seenIn = (html: string) => [...html.matchAll(/name="seen" value="(\d+)"/g)].at(-1)?.[1] ?? "";

const text = (html: string) => html.replaceAll("&amp;", "&").replaceAll("&#x27;", "'").replaceAll("<!-- -->", "");

async function open() {
  const answer = await app.fetch("/admin/settings/site", { headers: { cookie, "accept-language": "en" } });
  return seenIn(await answer.text());
}

async function send(fields: Record<string, string>, language = "en") {
  const answer = await app.fetch("/admin/settings/site", {
    method: "POST",
    headers: { cookie, "accept-language": language },
    body: new URLSearchParams(fields),
  });
  const html = text(await answer.text());
  return { status: answer.status, html, seen: seenIn(html) };
}

const byColleague = async (texts: SettingTexts) =>
  saveSettings(app.services, { actor, texts, seen: await newestChange(app.services) });

const stored = () => storedSettings(app.services);

test("what was typed stays beside a colleague's value, and replaces it once it is checked again", async () => {
  const seen = await open();
  await byColleague({ siteName: "Theirs & Co", operatorName: "Their firm" });
  const typed = { siteName: "Mine", operatorName: "", privacyPolicy: "https://example.com/mine" };
  const refused = await send({ ...typed, [seenField]: seen });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("so nothing was saved. Your input is kept below");
  expect(refused.html).toContain('value="Mine"');
  expect(refused.html).toContain('value="https://example.com/mine"');
  expect(refused.html).toContain("Another administrator has changed this in the meantime. Now: “Theirs & Co”");
  // What was not touched has the colleague's value, and nothing is said about it.
  expect(refused.html).toContain('value="Their firm"');
  expect(refused.html.match(/>Another administrator has changed this/g)).toHaveLength(1);

  const again = { ...typed, operatorName: "Their firm", [seenField]: refused.seen };
  const review = await send(again);
  expect(review.status).toBe(200);
  expect((await send({ ...again, [seenField]: review.seen, [stepField]: "save" })).status).toBe(200);
  expect(await stored()).toEqual({
    siteName: "Mine",
    operatorName: "Their firm",
    privacyPolicy: "https://example.com/mine",
  });
});

test("what was reviewed stays as well where a colleague saves before it does", async () => {
  const review = await send({ siteName: "Mine", operatorName: "", [seenField]: await open() });
  await byColleague({ siteName: "Theirs" });
  const reviewed = { siteName: "Mine", operatorName: "", [stepField]: "save" };
  const refused = await send({ ...reviewed, [seenField]: review.seen }, "ru");
  expect(refused.status).toBe(409);
  expect(refused.html).toContain('value="Mine"');
  expect(refused.html).toContain("За это время значение изменил другой администратор. Сейчас здесь: «Theirs»");
  expect(await stored()).toEqual({ siteName: "Theirs" });
  expect((await send({ ...reviewed, [seenField]: refused.seen })).status).toBe(200);
  expect(await stored()).toEqual({ siteName: "Mine" });
});

test("a review is saved beside a colleague's change of what it does not change, and keeps that", async () => {
  const review = await send({ siteName: "Mine", operatorName: "", [seenField]: await open() });
  await byColleague({ operatorName: "Their firm" });
  const reviewed = { siteName: "Mine", operatorName: "", [seenField]: review.seen, [stepField]: "save" };
  expect((await send(reviewed)).status).toBe(200);
  expect(await stored()).toEqual({ siteName: "Mine", operatorName: "Their firm" });
});

test("a text that is refused leaves a colleague's change of another field in the form", async () => {
  const seen = await open();
  await byColleague({ operatorName: "Their firm" });
  const refused = await send({ siteName: "Mine", accent: "nonsense", operatorName: "", [seenField]: seen });
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('value="Their firm"');
  expect(refused.html).toContain('value="nonsense"');
});

test("a review for a person, made anew after a colleague's change, does not take it for seen", async () => {
  const review = await send({ siteName: "Mine", operatorName: "", [seenField]: await open() });
  await byColleague({ siteName: "Theirs" });
  const anew = { siteName: "Mine", operatorName: "", [seenField]: review.seen, [stepField]: "check", person: "1" };
  expect((await send(anew)).status).toBe(409);
});

/** The form of the second step, and what is asked before it saves; `meanwhile` is done while that is asked first. */
async function saveAsking(fields: Record<string, string>, meanwhile: () => Promise<unknown>) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, [stepField]: "save" })) form.set(name, value);
  const asked: Changes[] = [];
  const answer = await answerSettings(app.services, { actor, group: "site", form, locale: "en" }, async (changes) => {
    asked.push(changes);
    if (asked.length === 1) await meanwhile();
    if (asked.length > 3) throw new Error("It is answered over and over.");
  });
  return { outcome: answer.outcome, asked };
}

test("a form that is answered anew, since a colleague saved at the same moment, asks again before it saves", async () => {
  const fields = { siteName: "", operatorName: "Mine", [seenField]: await open() };
  const changes = { operatorName: { from: null, to: "Mine" } };
  expect(await saveAsking(fields, () => byColleague({ siteName: "Theirs" }))).toEqual({
    outcome: "saved",
    asked: [changes, changes],
  });
  expect(await stored()).toEqual({ siteName: "Theirs", operatorName: "Mine" });
});

test("a form that names a change as its own which it has not seen is refused, and not answered for ever", async () => {
  const seen = await open();
  const own = String((await byColleague({ siteName: "Theirs" })).id);
  const { outcome } = await saveAsking({ siteName: "Mine", [seenField]: seen, [ownField]: own }, async () => {});
  expect(outcome).toBe("conflict");
  expect(await stored()).toEqual({ siteName: "Theirs" });
});

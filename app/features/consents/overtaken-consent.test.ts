import { afterAll, beforeAll, expect, test } from "vitest";
import * as consentPage from "~/routes/admin.settings_.consents_.$key";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import type { Actor } from "~server/audit/actor";
import { moveConsent, newestConsentChange, saveConsent } from "~server/consents/change";
import { processingKind } from "~server/consents/kinds";
import { viewConsent } from "~server/consents/view";
import { makeAdmin } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

// A consent that a colleague changes while its page is open, as a browser without scripts gets it.

let app: ApiApp;
let actor: Actor;
let cookie: string;

beforeAll(async () => {
  const pages = pageBuild({ "admin/settings/consents/:key": consentPage });
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pages);
  const admin = await makeAdmin(app.services.db);
  actor = admin;
  cookie = await sessionCookieOf(app.services, admin.id);
});
afterAll(() => app.stop());

const seenIn = (html: string) => [...html.matchAll(/name="seen" value="(\d+)"/g)].at(-1)?.[1] ?? "";

async function send(key: string, fields: Record<string, string>, language = "en") {
  const answer = await app.fetch(`/admin/settings/consents/${key}`, {
    method: "POST",
    headers: { cookie, "accept-language": language },
    body: new URLSearchParams(fields),
  });
  const html = (await answer.text()).replaceAll("<!-- -->", "");
  return { status: answer.status, html, seen: seenIn(html) };
}

async function open(key: string) {
  const answer = await app.fetch(`/admin/settings/consents/${key}`, { headers: { cookie } });
  return seenIn(await answer.text());
}

interface Words {
  label?: string;
  text?: string;
  ru?: string;
  required?: boolean;
}

const save = async (key: string, { label = "News", text = "Letters", ru = "Письма", required = false }: Words) =>
  saveConsent(app.services, {
    actor,
    seen: await newestConsentChange(app.services.db),
    isNew: (await viewConsent(app.services, key)) === null,
    draft: {
      key,
      purpose: key === processingKind ? "processing" : "other",
      required,
      wording: { label: { en: label, ru: "Новости" }, text: { en: [text], ru: [ru] } },
    },
  });

const form = { "label.en": "News", "label.ru": "Новости", "text.en": "Letters", "text.ru": "Письма" };

const stored = async (key: string) => {
  const view = await viewConsent(app.services, key);
  return view?.kind && { ...view.kind.wording, version: undefined, required: view.kind.required };
};

test("what was typed stays beside a colleague's words, and replaces them once it is checked again", async () => {
  await save("one", {});
  const seen = await open("one");
  await save("one", { label: "Their news", ru: "Их письма", required: true });
  const refused = await send("one", { ...form, "label.en": "My news", "text.en": "My letters", seen });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("Your input is kept below");
  expect(refused.html).toContain('value="My news"');
  expect(refused.html).toContain("My letters</textarea>");
  expect(refused.html).toContain("Another administrator has changed this in the meantime. Now: “Their news”");
  // What was not touched has the colleague's words, and its tick.
  expect(refused.html).toContain("Их письма</textarea>");
  expect(refused.html).toMatch(/<input(?=[^>]* name="required")(?=[^>]* checked)/);
  expect(refused.html.match(/has changed this in the meantime\. Now/g)).toHaveLength(1);

  const again = { ...form, "label.en": "My news", "text.en": "My letters", "text.ru": "Их письма", required: "on" };
  const review = await send("one", { ...again, seen: refused.seen });
  expect(review.status).toBe(200);
  expect((await send("one", { ...again, seen: review.seen, step: "save" })).status).toBe(200);
  expect(await stored("one")).toMatchObject({
    label: { en: "My news" },
    text: { en: ["My letters"], ru: ["Их письма"] },
    required: true,
  });
});

test("what was reviewed stays as well where a colleague saves before it does", async () => {
  await save("two", {});
  const mine = { ...form, "text.en": "My letters" };
  const review = await send("two", { ...mine, seen: await open("two") });
  await save("two", { text: "Their letters" });
  const refused = await send("two", { ...mine, seen: review.seen, step: "save" }, "ru");
  expect(refused.status).toBe(409);
  expect(refused.html).toContain("My letters</textarea>");
  expect(refused.html).toContain("За это время значение изменил другой администратор. Сейчас здесь: «Their letters»");
  expect(await stored("two")).toMatchObject({ text: { en: ["Their letters"] } });
  expect((await send("two", { ...mine, seen: refused.seen, step: "save" })).status).toBe(200);
  expect(await stored("two")).toMatchObject({ text: { en: ["My letters"] } });
});

test("of the built-in consent a colleague's first change is told too", async () => {
  const seen = await open(processingKind);
  await save(processingKind, { label: "Their consent", required: true });
  const refused = await send(processingKind, { ...form, "label.en": "My consent", seen });
  expect(refused.status).toBe(409);
  expect(refused.html).toContain('value="My consent"');
  expect(refused.html).toContain("Now: “Their consent”");
});

test("a consent that a colleague has only moved, or changed to the same words, is saved", async () => {
  await save("three", {});
  const seen = await open("three");
  await moveConsent(app.services, { actor, seen: await newestConsentChange(app.services.db), key: "three", to: "up" });
  expect((await send("three", { ...form, "label.en": "My news", seen, step: "save" })).status).toBe(200);
  await save("three", { label: "Other news" });
  expect((await send("three", { ...form, "label.en": "Other news", seen, step: "save" })).status).toBe(200);
  expect(await stored("three")).toMatchObject({ label: { en: "Other news" } });
});

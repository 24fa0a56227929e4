import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as accountConfirm from "~/routes/account_.confirm";
import * as accountData from "~/routes/account_.data";
import * as secondFactor from "~/routes/account_.second-factor";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
beforeAll(async () => {
  const pages = {
    account,
    "account/data": accountData,
    "account/confirm": accountConfirm,
    "account/second-factor": secondFactor,
  };
  app = await startApiApp({ EMAIL_CONFIRMATION: "optional" }, pageBuild(pages));
});
afterAll(() => app.stop());

const forms: [path: string, fields: Record<string, string>][] = [
  ["/account", { end: "all" }],
  ["/account/confirm", { code: "123456" }],
  ["/account/confirm", { resend: "on" }],
  ["/account/data", { intent: "details", firstName: "Зоя", phone: "+79161112233" }],
  ["/account/data", { intent: "email", email: "zoya@example.com" }],
  ["/account/data", { intent: "password", current: "a", next: "b" }],
  ["/account/data", { intent: "withdraw", kind: "processing" }],
  ["/account/data", { intent: "give", kind: "processing" }],
  ["/account/data", { intent: "erase", password: "a" }],
  ["/account/second-factor", { intent: "enable", sealed: "a", code: "123456" }],
];

test.each(forms)("a form that was shown to another person changes nothing: %s %j", async (path, fields) => {
  const { db } = app.services;
  const [other, person] = [await makeUser(db), await makeUser(db, { role: "ADMIN" })];
  const cookie = await sessionCookieOf(app.services, person.id);
  const stored = () => db.user.findUniqueOrThrow({ where: { id: person.id }, include: { consents: true } });
  const before = await stored();
  const body = new URLSearchParams({ person: String(other.id), ...fields });
  const answer = await app.fetch(path, { method: "POST", headers: { cookie, "accept-language": "en" }, body });
  expect(answer.status).toBe(409);
  expect(await answer.text()).toContain(`This browser is now signed in as ${person.email}`);
  expect(await stored()).toEqual(before);
  expect((await app.fetch("/account", { headers: { cookie }, redirect: "manual" })).status).toBe(200);
});

test.each([
  ["/account", 1],
  ["/account/data", 4],
  ["/account/confirm", 2],
])("the forms of a person's own pages say whose they are: %s", async (path, count) => {
  const user = await makeUser(app.services.db);
  const cookie = await sessionCookieOf(app.services, user.id);
  const page = await (await app.fetch(path, { headers: { cookie } })).text();
  // The others, of every page, choose the language and sign out.
  const own = [...page.matchAll(/<form [^>]*action="\/account.*?<\/form>/g)].map(([form]) => form);
  expect(own.length).toBeGreaterThanOrEqual(count);
  for (const form of own) expect(form).toContain(`name="person" value="${user.id}"`);
});

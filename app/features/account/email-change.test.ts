import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as accountConfirm from "~/routes/account_.confirm";
import * as accountData from "~/routes/account_.data";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
beforeAll(async () => {
  const pages = { account, "account/data": accountData, "account/confirm": accountConfirm };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
});
afterAll(() => app.stop());

test("a person who has asked for another e-mail finds the page for its code from the answer and from the account", async () => {
  const { services } = app;
  const { id, email } = await makeUser(services.db, { emailConfirmedAt: new Date() });
  const headers = { cookie: await sessionCookieOf(services, id), "accept-language": "en" };
  const link = 'href="/account/confirm"';
  expect(await (await app.fetch("/account", { headers })).text()).not.toContain(link);

  const body = new URLSearchParams({ intent: "email", email: "anna@почта.рф" });
  const answer = await app.fetch("/account/data", { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain(link);

  const own = await (await app.fetch("/account", { headers })).text();
  expect(own).toContain(link);
  expect(own).toContain("we have sent a link and a code to anna@почта.рф. Until then your e-mail stays as it is.");

  const resend = new URLSearchParams({ resend: "on" });
  const again = await app.fetch("/account/confirm", { method: "POST", headers, body: resend, redirect: "manual" });
  expect(again.status).toBe(200);
  expect(await again.text()).toContain("A new e-mail is on its way.");

  const back = new URLSearchParams({ intent: "email", email });
  const kept = await app.fetch("/account/data", { method: "POST", headers, body: back });
  expect(kept.status).toBe(200);
  expect(await kept.text()).toContain("Your e-mail stays as it is.");
  expect(await (await app.fetch("/account", { headers })).text()).not.toContain(link);
});

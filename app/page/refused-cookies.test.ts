import { afterAll, beforeAll, expect, test } from "vitest";
import { signInTexts } from "~/features/account/sign-in-texts";
import * as account from "~/routes/account";
import * as login from "~/routes/login";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";

let app: ApiApp;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ account, login }));
});
afterAll(() => app.stop());

/** What a browser that keeps no cookies is shown once the form of a page has led it to the account. */
async function shownAfter(page: string, path: string): Promise<string> {
  const headers = { referer: `http://localhost:3000${page}` };
  const answer = await app.fetch(path, { headers, redirect: "manual" });
  return (await app.fetch(answer.headers.get("location") ?? "", { headers })).text();
}

test.each([
  ["a registration", "/register", "/account", true],
  ["a second form, which has registered nothing", "/register/spring", "/account?known", false],
  ["a sign-in", "/login", "/account", false],
])("a browser without cookies is told of them after %s", async (_, page, path, isRegistered) => {
  const { registered, refused } = signInTexts.ru.cookies;
  const shown = await shownAfter(page, path);
  expect(shown).toContain(refused);
  expect(shown.includes(registered)).toBe(isRegistered);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import * as accountData from "~/routes/account_.data";
import * as ownData from "~/routes/account_.data[.]json";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;

beforeAll(async () => {
  const pages = { "account/data": accountData, "account/data.json": ownData };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
});
afterAll(() => app.stop());

const person = async () => await sessionCookieOf(app.services, (await makeUser(app.services.db)).id);
const copy = (cookie: string) => app.fetch("/account/data.json", { headers: { cookie } });
const sends = (cookie: string, intent: string, typed: Record<string, string> = {}) =>
  app.fetch("/account/data", { method: "POST", headers: { cookie }, body: new URLSearchParams({ intent, ...typed }) });
const haveShare = () =>
  app.services.db.attemptCount.updateMany({ where: { key: { startsWith: "own-data:" } }, data: { points: 200 } });

test("a person has a day's share of copies and changes of their own data, apart from other people, and may erase it beyond that", async () => {
  const { db } = app.services;
  const [one, other] = [await person(), await person()];
  expect((await copy(one)).status).toBe(200);
  await db.attemptCount.updateMany({ where: { key: { startsWith: "own-data:" } }, data: { points: 199 } });
  expect((await sends(one, "withdraw")).status).toBe(200);

  const refused = await copy(one);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
  for (const answer of [refused, await sends(one, "give"), await sends(one, "details")])
    expect(answer.status).toBe(429);
  expect(await db.auditEntry.count({ where: { action: "consent.give" } })).toBe(0);
  expect((await sends(one, "erase")).status).toBe(400);
  expect((await copy(other)).status).toBe(200);
});

test("a change beyond the day's share is answered in its form, which keeps what was typed", async () => {
  const cookie = await person();
  expect((await copy(cookie)).status).toBe(200);
  await haveShare();

  const details = await sends(cookie, "details", {
    firstName: "Ольга-Мария",
    lastName: "Новая",
    phone: "+79161234567",
  });
  expect(details.status).toBe(429);
  expect(Number(details.headers.get("retry-after"))).toBeGreaterThan(60);
  const page = await details.text();
  expect(page).toContain("сегодня вы слишком часто меняли или скачивали данные");
  expect(page).toContain('value="Ольга-Мария"');
  expect(await (await sends(cookie, "email", { email: "new@example.com" })).text()).toContain(
    'value="new@example.com"',
  );
});

test.each([
  ["password", { current: "wrong", next: "a new password" }],
  ["erase", { password: "wrong" }],
] as const)("who gave too many wrong passwords is told how long to wait: %s", async (intent, typed) => {
  const cookie = await person();
  expect((await sends(cookie, intent, typed)).status).toBe(400);
  const retryAt = new Date(Date.now() + 840_000);
  await app.services.db.guessCount.updateMany({ data: { retryAt } });
  const answer = await sends(cookie, intent, typed);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(60);
  const page = await answer.text();
  expect(page).toMatch(/Слишком много попыток\. Попробуйте снова через 1[0-4]\sмин/);
  expect(page).not.toContain("Подождите минуту");
  expect(page).not.toContain("Пароль изменён.");
});

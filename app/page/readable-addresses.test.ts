import { afterAll, beforeAll, expect, test } from "vitest";
import * as accountConfirm from "~/routes/account_.confirm";
import * as accountData from "~/routes/account_.data";
import * as review from "~/routes/admin.review";
import * as rights from "~/routes/admin.users_.$id.rights";
import * as register from "~/routes/register";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeConfirmation } from "~server/confirmation/confirmation";
import { provenAddressCookie } from "~server/registration/proven-address";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
let own: Record<string, string>;
let admin: Record<string, string>;
let id: number;

/** As it is stored, and as people write it. */
const [stored, written] = ["ivan@xn--80a1acny.xn--p1ai", "ivan@почта.рф"];

beforeAll(async () => {
  const pages = {
    register,
    "account/data": accountData,
    "account/confirm": accountConfirm,
    "admin/review": review,
    "admin/users/:id/rights": rights,
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  const { services } = app;
  ({ id } = await makeUser(services.db, { email: stored, crmState: "HELD", holds: ["review"] }));
  own = await signedIn(id);
  admin = await signedIn((await makeAdmin(services.db)).id);
});
afterAll(() => app.stop());

const signedIn = async (userId: number) => ({
  cookie: await sessionCookieOf(app.services, userId),
});

const pages: [page: string, path: () => string, headers: () => Record<string, string>][] = [
  ["a person's own data", () => "/account/data", () => own],
  ["the page for the confirmation", () => "/account/confirm", () => own],
  ["a person's rights", () => `/admin/users/${id}/rights`, () => admin],
  ["the held registrations", () => "/admin/review", () => admin],
  [
    "the form for who has proved the address",
    () => "/register",
    () => ({ cookie: provenAddressCookie(app.services.env, stored).split(";")[0] ?? "" }),
  ],
];

for (const [page, path, headers] of pages)
  test(`${page} shows an address as people write it`, async () => {
    const answer = await app.fetch(path(), { headers: headers() });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    expect(text).toContain(written);
    expect(text).not.toContain(stored);
  });

test("a new address that waits to be confirmed is shown as people write it", async () => {
  const { services } = app;
  const { id: userId } = await makeUser(services.db);
  const waiting = { userId, email: "anna@xn--80a1acny.xn--p1ai", purpose: "change" as const };
  await services.db.$transaction((tx) => makeConfirmation(tx, services.env, waiting));
  const text = await (await app.fetch("/account/confirm", { headers: await signedIn(userId) })).text();
  expect(text).toContain("anna@почта.рф");
});

test("the person's own address, as it is shown, is told to be the present one", async () => {
  const answer = await app.fetch("/account/data", {
    method: "POST",
    headers: own,
    body: new URLSearchParams({ intent: "email", email: written }),
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("Этот адрес у вас уже указан.");
  expect(await app.services.db.emailConfirmation.count({ where: { userId: id, email: stored } })).toBe(0);
});

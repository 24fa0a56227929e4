import { afterAll, beforeAll, expect, test } from "vitest";
import * as conversions from "~/routes/admin.conversions";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
let cookie: string;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/conversions": conversions }));
  cookie = await sessionCookieOf(app.services, (await makeAdmin(app.services.db)).id);
});
afterAll(() => app.stop());

const paid = (tags: Record<string, string>) =>
  makeUser(app.services.db, {
    isPaid: true,
    paidAt: new Date("2026-06-02T21:30:05Z"),
    attribution: { create: { first: tags, last: tags } },
  });
const make = async (system: string, kind: string) => {
  const body = new URLSearchParams({ system, kind, name: "order_paid" });
  const headers = { cookie, "accept-language": "en" };
  return (await app.fetch("/admin/conversions", { method: "POST", headers, body })).text();
};

test("the page says how many files of conversions were made, or that none was", async () => {
  const { db } = app.services;
  expect(await make("yandex", "add")).toContain("There was nothing to put into a file.");
  await paid({ yclid: "1234567890", gclid: "Cj0K_-x" });
  await paid({ ym_client_id: "1234567890123" });
  expect(await make("yandex", "add")).toContain("Two files were created: one for yclid and one for ClientId.");
  expect(await make("google", "add")).toContain("The file was created.");

  expect(await make("yandex", "retract")).toContain("There was nothing to mark.");
  await db.user.updateMany({ where: { isPaid: true }, data: { isPaid: false, paidAt: null } });
  const marked = await make("yandex", "retract");
  expect(marked).toContain("The payments are marked as retracted.");
  expect(marked).not.toContain("The file was created.");
  expect(await make("google", "retract")).toContain("The file was created.");
});

import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as accountData from "~/routes/account_.data";
import * as conversions from "~/routes/admin.conversions";
import * as rights from "~/routes/admin.rights._index";
import * as consents from "~/routes/admin.settings_.consents";
import * as consent from "~/routes/admin.settings_.consents_.$key";
import * as users from "~/routes/admin.users._index";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";

let app: ApiApp;
let cast: Awaited<ReturnType<typeof makeCast>>;

beforeAll(async () => {
  const pages = {
    account,
    "account/data": accountData,
    "admin/conversions": conversions,
    "admin/rights": rights,
    "admin/settings/consents": consents,
    "admin/settings/consents/:key": consent,
    "admin/users": users,
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  cast = await makeCast(app.services);
});
afterAll(() => app.stop());

/** Values that PostgreSQL takes in no text, date or number, and what each page makes of them. */
const asked: [path: string, status: number][] = [
  ["/admin/settings/consents/%00", 404],
  ["/admin/settings/consents/a%00b", 404],
  ["/admin/settings/consents/%EF%BF%BD", 404],
  [`/admin/settings/consents/${"a".repeat(2_000)}`, 404],
  ["/admin/rights?before=%00", 200],
  ["/admin/rights?before=0000-01-01", 200],
  ["/admin/rights?before=-271821-04-20T00:00:00Z", 200],
  ["/admin/rights?before=%2B275760-09-13T00:00:00Z", 200],
  ["/admin/users?q=%00&source=%00&form=99999999999&after=9-9999999999", 200],
];
for (const [path, status] of asked)
  test(`${path.slice(0, 60)} gets ${status}`, async () => {
    const answer = await app.fetch(path, { headers: cast.headers.admin });
    expect(answer.status, await answer.text()).toBe(status);
  });

const sent: [path: string, sender: "self" | "admin", fields: Record<string, string>, status: number][] = [
  ["/account", "self", { end: "\0" }, 302],
  ["/account/data", "self", { intent: "withdraw", kind: "\0" }, 404],
  ["/account/data", "self", { intent: "give", kind: "\0", version: "\0" }, 404],
  ["/account/data", "self", { intent: "details", firstName: "a\0", phone: "+79161234567" }, 400],
  ["/account/data", "self", { intent: "email", email: "a\0@example.com" }, 400],
  ["/account/data", "self", { intent: "password", current: "\0", next: "\0" }, 400],
  ["/admin/conversions", "admin", { system: "yandex", kind: "add", name: "a\0b" }, 400],
  ["/admin/settings/consents", "admin", { retire: "\0" }, 409],
  ["/admin/settings/consents", "admin", { up: "\0" }, 409],
  ["/admin/settings/consents/new", "admin", { step: "save", key: "\0", purpose: "other" }, 400],
  ["/admin/users?q=%00", "admin", { intent: "save", name: "a\0b" }, 400],
];
for (const [path, sender, fields, status] of sent)
  for (const kind of ["urlencoded", "multipart"] as const)
    test(`a NUL in a form to ${path}, ${JSON.stringify(fields)}, ${kind}, gets ${status}`, async () => {
      const body = kind === "urlencoded" ? new URLSearchParams(fields) : new FormData();
      if (body instanceof FormData) for (const [name, value] of Object.entries(fields)) body.append(name, value);
      const answer = await app.fetch(path, { method: "POST", headers: cast.headers[sender], body });
      expect(answer.status, await answer.text()).toBe(status);
    });

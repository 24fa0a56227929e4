import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminUsersTexts } from "~/features/users/list-texts";
import { adminUserTexts } from "~/features/users/person-texts";
import * as account from "~/routes/account";
import * as list from "~/routes/admin.users._index";
import * as person from "~/routes/admin.users.$id";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { systemActor } from "~server/audit/actor";
import { createAdmin } from "~server/auth/admins";
import { answerIdentity } from "~server/identity/answer";
import { makeUser } from "~server/test/factories";
import { askIdentity } from "~server/test/identity";
import { sessionCookieOf } from "~server/test/sign-in";
import { exportUsers } from "~server/users/export";
import { everybody } from "~server/users/filter";

let app: ApiApp;
let admin: Record<string, string>;
let people: Record<"arrived" | "failed" | "imported" | "operator", number>;

/** What registrations have whose installation's database was copied. */
const before = { insertedAt: null, createdAt: new Date(0) };

beforeAll(async () => {
  const pages = { account, "admin/users": list, "admin/users/:id": person };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  Object.assign(app.services, { bitrix24: { client: { host: "portal.example" } } });
  const { db } = app.services;
  const cast = await makeCast(app.services);
  admin = cast.headers.admin;
  const byForm = { ...before, passwordHash: "x", attribution: { create: {} } };
  const records = { bitrix24ContactId: 5, bitrix24DealId: 6 };
  await createAdmin(app.services, { email: "operator@copy.example", password: "long enough for an administrator" });
  const make = async (name: string, more: Parameters<typeof makeUser>[1]) =>
    (await makeUser(db, { email: `${name}@copy.example`, ...more })).id;
  people = {
    arrived: await make("arrived", { ...byForm, ...records, crmState: "SYNCED", crmSyncedAt: new Date(0) }),
    failed: await make("failed", { ...byForm, crmState: "FAILED" }),
    imported: await make("imported", before),
    operator: (await db.user.findUniqueOrThrow({ where: { email: "operator@copy.example" } })).id,
  };
  await askIdentity(db, "database");
  await answerIdentity(app.services, { actor: cast.admin, answer: "copy" });
});
afterAll(() => app.stop());

const open = async (path: string, headers: Record<string, string>) =>
  (await app.fetch(path, { headers: { "accept-language": "en", ...headers } })).text();

test.each(["arrived", "failed", "imported"] as const)(
  "a registration that a copy of the database leaves to the original is shown as one: %s",
  async (name) => {
    const cookie = await sessionCookieOf(app.services, people[name]);
    expect(await open("/account", { cookie })).toContain('data-crm-state="synced"');
    const page = await open(`/admin/users/${people[name]}`, admin);
    expect(page).toContain('data-crm-state="synced"');
    expect(page).not.toContain(adminUserTexts.en.crm.notRegistered);
  },
);

test("an administrator whom the operator made is shown as none", async () => {
  const cookie = await sessionCookieOf(app.services, people.operator);
  const page = await open(`/admin/users/${people.operator}`, admin);
  expect(page).toContain(adminUserTexts.en.crm.notRegistered);
  for (const text of [page, await open("/account", { cookie })]) expect(text).not.toContain("data-crm-state");
});

test.each(["", "?sort=oldest", "?q=copy.example", "?q=co"])("lists tell both apart: %s", async (search) => {
  const page = await open(`/admin/users${search}`, admin);
  for (const name of ["arrived", "failed", "imported", "operator"]) {
    const [, row = ""] = page.split(`title="${name}@copy.example"`);
    const said = row.split("</li>")[0]?.includes(adminUsersTexts.en.notRegistered);
    expect(said, name).toBe(name === "operator");
  }
});

test("a file of people tells both apart", async () => {
  const style = adminUsersTexts.en.sheet;
  const request = { actor: systemActor, filter: { ...everybody, q: "copy.example" }, style };
  let text = "";
  for await (const piece of exportUsers(app.services, request)) text += piece;
  const rows: Record<string, string>[] = parse(text, { delimiter: style.delimiter, columns: true, bom: true });
  const states = rows.map((row) => [row[style.columns.email]?.split("@")[0], row[style.columns.crmState]]);
  const { synced } = style.crmStates;
  expect(Object.fromEntries(states)).toEqual({ arrived: synced, failed: synced, imported: synced, operator: "" });
});

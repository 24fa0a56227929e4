import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as person from "~/routes/admin.users.$id";
import * as connectionCheck from "~/routes/bitrix24-test";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";
import { stateWait } from "./state-wait";

let app: ApiApp;
let admin: Record<string, string>;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ account, "admin/users/:id": person }));
  Object.assign(app.services, { bitrix24: { client: { host: "portal.example" } } });
  admin = (await makeCast(app.services)).headers.admin;
});
afterAll(() => app.stop());

/** After how many seconds a browser without scripts loads the page again. */
async function refreshOf(path: string, headers: Record<string, string>) {
  const text = await (await app.fetch(path, { headers })).text();
  expect(text).toContain("data-crm-state");
  return /<noscript><meta http-equiv="refresh" content="(\d+)"/i.exec(text)?.[1] ?? null;
}

test.each([
  ["HELD", "60"],
  ["PENDING", "5"],
  ["FAILED", "60"],
  ["SYNCED", null],
] as const)("pages follow a registration until it has arrived: %s", async (crmState, seconds) => {
  const { id } = await makeUser(app.services.db, {
    crmState,
    holds: crmState === "HELD" ? ["email"] : [],
    ...(crmState === "SYNCED" ? { bitrix24ContactId: 1, bitrix24DealId: 1 } : {}),
  });
  const own = { cookie: await sessionCookieOf(app.services, id) };
  expect(await refreshOf("/account", own)).toBe(seconds);
  expect(await refreshOf(`/admin/users/${id}`, admin)).toBe(seconds);
});

test("a page follows a failed registration by its script as well, and a test registration like others", () => {
  expect(
    (["pending", "failed", "synced"] as const).map((state) => stateWait({ crmState: state, holds: [] }) !== false),
  ).toEqual([true, true, false]);
  const { waits } = connectionCheck.handle;
  expect(
    [{ run: null }, { run: { user: { crmState: "failed", holds: [] } } }].map((loaded) => waits?.(loaded)),
  ).toEqual([false, "long"]);
});

test.each([
  [["email"], ["once the person has confirmed the e-mail"]],
  [["consent"], ["because the person has withdrawn consent"]],
  [["review"], ["once an administrator has released it", 'href="/admin/review"']],
  [
    ["email", "review"],
    ["once the person has confirmed the e-mail", "once an administrator has released it"],
  ],
])("an administrator is told why a registration is held, and not that it is tried again: %o", async (holds, told) => {
  const { id } = await makeUser(app.services.db, { crmState: "HELD", holds });
  const headers = { ...admin, "accept-language": "en" };
  const path = `/admin/users/${id}`;
  const text = await (await app.fetch(path, { headers })).text();
  for (const words of told) expect(text).toContain(words);
  for (const untrue of ["On its way", "Next attempt", "Send again"]) expect(text).not.toContain(untrue);

  // From a page that was open before.
  const body = new URLSearchParams({ intent: "resend" });
  const answer = await (await app.fetch(path, { method: "POST", headers, body })).text();
  expect(answer).toContain("Nothing was sent: the registration is already in Bitrix24, or it is held.");
});

test("an administrator sees a registration that nothing holds on its way", async () => {
  const { id } = await makeUser(app.services.db);
  const text = await (await app.fetch(`/admin/users/${id}`, { headers: { ...admin, "accept-language": "en" } })).text();
  for (const words of ["On its way", "Next attempt", "Send again"]) expect(text).toContain(words);
});

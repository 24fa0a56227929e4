import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as person from "~/routes/admin.users.$id";
import * as connectionCheck from "~/routes/bitrix24-test";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { makeUser } from "~server/test/factories";
import { cookiesOf } from "~server/test/sign-in";
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
  ["HELD", "5"],
  ["PENDING", "5"],
  ["FAILED", "60"],
  ["SYNCED", null],
] as const)("pages follow a registration until it has arrived: %s", async (crmState, seconds) => {
  const { id } = await makeUser(app.services.db, {
    crmState,
    ...(crmState === "SYNCED" ? { bitrix24ContactId: 1, bitrix24DealId: 1 } : {}),
  });
  const own = { cookie: cookiesOf([await startSession(app.services, id, null)]) };
  expect(await refreshOf("/account", own)).toBe(seconds);
  expect(await refreshOf(`/admin/users/${id}`, admin)).toBe(seconds);
});

test("a page follows a failed registration by its script as well, and a test registration like others", () => {
  expect((["pending", "failed", "synced"] as const).map((state) => stateWait(state) !== false)).toEqual([
    true,
    true,
    false,
  ]);
  const { waits } = connectionCheck.handle;
  expect([{ run: null }, { run: { user: { crmState: "failed" } } }].map((loaded) => waits?.(loaded))).toEqual([
    false,
    "long",
  ]);
});

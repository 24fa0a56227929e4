import { afterEach, expect, test } from "vitest";
import { startPortal } from "../../e2e/portal/server";
import type { PortalOptions } from "../../e2e/portal/settings";
import { withoutRateLimit } from "../bitrix24/transport/rate-limit";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createBitrix24 } from "../start";
import { type CheckId, checkIds } from "./check";
import { checkConnection, isReady } from "./check-connection";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(options: PortalOptions = {}, variables: Record<string, string> = {}) {
  const { portal, webhookUrl, close } = await startPortal({ limits: { bucket: 0 }, ...options });
  closers.push(close);
  const env = parseEnv({ BITRIX24_WEBHOOK_URL: webhookUrl, BITRIX24_TIMEOUT_MS: "60000", ...variables });
  return {
    portal,
    check: async () => {
      const checks = await checkConnection({
        env,
        bitrix24: createBitrix24({ env, log: createLog("silent") }, withoutRateLimit),
      });
      expect(checks.map(({ id }) => id)).toEqual(checkIds);
      const of = (id: CheckId) => checks.find((check) => check.id === id);
      return { of, ready: isReady(checks), states: Object.fromEntries(checks.map(({ id, state }) => [id, state])) };
    },
  };
}

const webhook = (scopes: string[]) => [{ userId: 1, secret: "standinportalkey", scopes }];
const complete = {
  BITRIX24_STAGE_ID: "PREPARATION",
  BITRIX24_PAID_STAGE_ID: "WON",
  BITRIX24_ASSIGNED_BY_IDS: "2,3",
  BITRIX24_EVENT_TOKEN: "token",
  RESPONSIBLE_MESSAGE: "on",
};

test("a portal with everything in its place is ready, and nothing was written", async () => {
  const { portal, check } = await start({}, complete);
  const { states, ready } = await check();
  // Marks and other forms are in a database: marks.test.ts, forms.test.ts.
  const { marks, forms, database, ...asked } = states;
  expect([marks, forms, database]).toEqual(["skip", "skip", "skip"]);
  expect(new Set(Object.values(asked))).toEqual(new Set(["ok"]));
  expect(ready).toBe(true);
  // Two at once, and the product rows of a deal that those have named.
  expect(portal.requests).toBeLessThanOrEqual(3);
  expect(portal.contacts.size + portal.deals.size).toBe(0);
});

test("what is not configured is not asked for, and that events are refused is said", async () => {
  const { states, ready } = await (await start()).check();
  expect(states).toMatchObject({ stage: "skip", paidStage: "skip", responsible: "skip", events: "warn" });
  expect(ready).toBe(true);
});

test("a refused key is told by its code, and the rest is not guessed", async () => {
  const { portal, check } = await start();
  portal.fail({ kind: "badCredentials" });
  const { of, ready, states } = await check();
  expect(of("credentials")).toMatchObject({ state: "fail", facts: { code: "INVALID_CREDENTIALS" } });
  expect(Object.values(states).filter((state) => state === "skip")).toHaveLength(checkIds.length - 1);
  expect(ready).toBe(false);
});

test("a portal that cannot be reached is a failed check, not a crash", async () => {
  const { check } = await start({}, { BITRIX24_WEBHOOK_URL: "http://127.0.0.1:9/rest/1/unset/" });
  expect((await check()).of("credentials")).toMatchObject({ state: "fail", facts: { code: "NOT_SENT" } });
});

test("a scope that registrations need stops them, one that only helps is a warning", async () => {
  const without = await (await start({ webhooks: webhook(["crm"]) }, { BITRIX24_ASSIGNED_BY_IDS: "2" })).check();
  expect(without.of("scopes")).toMatchObject({ state: "warn", facts: { missing: "catalog, user" } });
  expect(without.of("product")).toMatchObject({ state: "ok" });
  expect(without.of("responsible")).toMatchObject({ state: "warn" });
  expect(without.ready).toBe(true);
  const useless = await (await start({ webhooks: webhook(["user", "catalog"]) })).check();
  expect(useless.of("scopes")).toMatchObject({ state: "fail", facts: { missing: "crm" } });
  expect(useless.ready).toBe(false);
});

const broken: [name: string, id: CheckId, options: PortalOptions, variables: Record<string, string>, facts: object][] =
  [
    [
      "a product that does not exist",
      "product",
      {},
      { BITRIX24_PRODUCT_ID: "4711" },
      { code: "PRODUCT_NOT_FOUND", id: 4711 },
    ],
    [
      "a product that costs rubles",
      "product",
      { products: [{ id: 1777, name: "Курс", price: 4_900, currency: "RUB", active: true }] },
      {},
      { code: "PRODUCT_PRICE_NOT_USD" },
    ],
    ["a portal that knows no dollars", "currency", { currencies: [{ code: "RUB", rate: 1, base: true }] }, {}, {}],
    ["a funnel that does not exist", "funnel", {}, { BITRIX24_CATEGORY_ID: "7" }, { id: 7 }],
    ["a stage of another funnel", "stage", {}, { BITRIX24_STAGE_ID: "C1:NEW" }, { stage: "C1:NEW" }],
    ["a paid stage that does not exist", "paidStage", {}, { BITRIX24_PAID_STAGE_ID: "PAID" }, { stage: "PAID" }],
  ];

for (const [name, id, options, variables, facts] of broken)
  test(`${name} stops registrations and is named`, async () => {
    const { of, ready } = await (await start(options, variables)).check();
    expect(of(id)).toMatchObject({ id, state: "fail", facts });
    expect(ready).toBe(false);
  });

test("responsible persons who left are named; they stop no registration, since they are skipped", async () => {
  const { of, ready } = await (await start({}, { BITRIX24_ASSIGNED_BY_IDS: "2,4,99" })).check();
  expect(of("responsible")).toMatchObject({ state: "warn", facts: { missing: "4, 99" } });
  expect(ready).toBe(true);
});

test("a stage of the chosen funnel is found there", async () => {
  const { states } = await (await start({}, { BITRIX24_CATEGORY_ID: "1", BITRIX24_STAGE_ID: "C1:NEW" })).check();
  expect(states).toMatchObject({ funnel: "ok", stage: "ok" });
});

test("a source that the portal does not know, and a clock that is wrong, are worth a look", async () => {
  const { portal, check } = await start({}, { BITRIX24_SOURCE_ID: "NOWHERE" });
  portal.advance(10 * 60_000);
  const { of, ready } = await check();
  expect(of("source")).toMatchObject({ state: "warn", facts: { source: "NOWHERE" } });
  expect(of("clock")).toMatchObject({ state: "warn" });
  expect(of("clock")?.facts.seconds).toBeGreaterThanOrEqual(599);
  expect(ready).toBe(true);
});

test("one question that the portal does not answer is that line's matter only", async () => {
  const { portal, check } = await start({}, complete);
  portal.fail({ kind: "command", method: "crm.currency.list", code: "ERROR_CORE" });
  const { of, states } = await check();
  expect(of("currency")).toMatchObject({ state: "warn", facts: { code: "ERROR_CORE" } });
  expect(Object.entries(states).filter(([, state]) => state !== "ok" && state !== "skip")).toEqual([
    ["currency", "warn"],
  ]);
});

test("an administrator's webhook sees what belongs to others, with responsible persons or without", async () => {
  for (const ids of ["", "1"]) {
    const { of } = await (await start({}, { BITRIX24_ASSIGNED_BY_IDS: ids })).check();
    expect(of("visibility")).toMatchObject({ state: "ok" });
  }
});

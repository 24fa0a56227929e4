import { afterEach, beforeEach, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { checkNow, recentCheck } from "./recent-check";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness();
});
afterEach(() => crm.close());

test("requests within a minute share one check, until an administrator asks for a new one", async () => {
  const [first, second] = await Promise.all([recentCheck(crm.services), recentCheck(crm.services)]);
  expect(second).toBe(first);
  const { requests } = crm.portal;
  await recentCheck(crm.services);
  expect(crm.portal.requests).toBe(requests);
  const asked = await checkNow(crm.services);
  expect(asked).not.toBe(first);
  expect(await recentCheck(crm.services)).toBe(asked);
  expect(crm.portal.requests).toBeGreaterThan(requests);
});

test("a portal that hangs makes nobody wait longer than asked, and its answer serves the next reader", async () => {
  crm.portal.fail({ kind: "hang" });
  expect(await recentCheck(crm.services, { patienceMs: 1 })).toBeNull();
  const late = await recentCheck(crm.services, { patienceMs: 10_000 });
  expect(late?.checks.find(({ id }) => id === "credentials")).toMatchObject({
    state: "fail",
    facts: { code: "TIMEOUT" },
  });
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { forgetPreflight, recentPreflight } from "./cached-preflight";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness();
});
afterEach(() => crm.close());

test("readers of one minute share one preflight, until somebody asks anew", async () => {
  const [first, second] = await Promise.all([recentPreflight(crm.services), recentPreflight(crm.services)]);
  expect(second).toBe(first);
  const { requests } = crm.portal;
  await recentPreflight(crm.services);
  expect(crm.portal.requests).toBe(requests);
  forgetPreflight(crm.services);
  expect(await recentPreflight(crm.services)).not.toBe(first);
  expect(crm.portal.requests).toBeGreaterThan(requests);
});

test("a portal that hangs makes nobody wait longer than asked, and its answer serves the next reader", async () => {
  crm.portal.fail({ kind: "hang" });
  expect(await recentPreflight(crm.services, { patienceMs: 1 })).toBeNull();
  const late = await recentPreflight(crm.services, { patienceMs: 10_000 });
  expect(late?.checks.find(({ id }) => id === "credentials")).toMatchObject({
    state: "fail",
    facts: { code: "TIMEOUT" },
  });
});

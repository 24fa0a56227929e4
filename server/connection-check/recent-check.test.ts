import { expect, test } from "vitest";
import { shortTimeout, startCrm } from "../test/crm";
import { checkNow, recentCheck } from "./recent-check";

test("requests within a minute share one check, until an administrator asks for a new one", async () => {
  const crm = await startCrm();
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
  const crm = await startCrm({ env: shortTimeout });
  crm.portal.fail({ kind: "hang" });
  expect(await recentCheck(crm.services, { patienceMs: 1 })).toBeNull();
  const late = await recentCheck(crm.services, { patienceMs: 240_000 });
  expect(late?.checks.find(({ id }) => id === "credentials")).toMatchObject({
    state: "fail",
    facts: { code: "TIMEOUT" },
  });
});

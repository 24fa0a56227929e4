import { afterEach, beforeEach, expect, test } from "vitest";
import { closeBreaker, openBreaker, readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { checkIfDue, readVerdict, watchConnection } from "./kept-check";
import { recentCheck } from "./recent-check";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness({ env: { BITRIX24_TIMEOUT_MS: "60000" } });
});
afterEach(() => crm.close());

test("the check is made once, again after a day, and again for a process that has started since", async () => {
  expect(await readVerdict(crm.services)).toBeNull();
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(await readVerdict(crm.services)).toMatchObject({ state: "warn", red: [] });
  expect(await checkIfDue(crm.services)).toBe(false);
  await crm.services.db.crmPortal.update({
    where: { id: 1 },
    data: { connectionCheckAt: new Date(Date.now() - 25 * 3_600_000) },
  });
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(await checkIfDue(crm.services, new Date(Date.now() + 60_000))).toBe(true);
});

test("the check is made when the queue pauses automatically, and again when it resumes", async () => {
  await checkIfDue(crm.services);
  crm.portal.configure({ required: { contact: [], deal: ["additionalInfo"] } });
  await openBreaker(crm.services, { code: "CRM_FIELD_ERROR_REQUIRED" });
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(await readVerdict(crm.services)).toMatchObject({ state: "fail", red: ["demands"] });
  expect(await checkIfDue(crm.services)).toBe(false);
  crm.portal.configure({ required: { contact: [], deal: [] } });
  await closeBreaker(crm.services);
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(await readVerdict(crm.services)).toMatchObject({ red: [] });
});

test("a check takes two requests, with all its questions in the first", async () => {
  crm.portal.staff.addDeal({ title: "Продажа" });
  const { requests } = crm.portal;
  await checkIfDue(crm.services);
  expect(crm.portal.requests - requests).toBe(2);
});

test("of two processes that look together one asks the portal", async () => {
  const made = await Promise.all([checkIfDue(crm.services), checkIfDue(crm.services)]);
  expect(made.filter(Boolean)).toHaveLength(1);
});

test("a check made by an administrator counts as the last check as well", async () => {
  crm.portal.fail({ kind: "badCredentials" });
  await recentCheck(crm.services);
  expect(await readVerdict(crm.services)).toMatchObject({ state: "fail", red: ["credentials"] });
});

test("a process makes the check at its start", async () => {
  const stop = watchConnection(crm.services);
  await expect.poll(async () => (await readVerdict(crm.services))?.state).toBe("warn");
  await stop();
});

test("a check that its process did not live to end is made again, and until then the one before it stays", async () => {
  const { db } = crm.services;
  await checkIfDue(crm.services);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await db.crmPortal.update({ where: { id: 1 }, data: { connectionCheckAt: yesterday } });
  const before = await readVerdict(crm.services);
  crm.portal.configure({ required: { contact: [], deal: ["additionalInfo"] } });
  crm.portal.fail({ kind: "hang", times: 1 });
  const { requests } = crm.portal;
  // The portal never answers this one, as if its process had been killed.
  checkIfDue(crm.services).catch(() => {});
  await expect.poll(() => crm.portal.requests).toBeGreaterThan(requests);

  expect(await readVerdict(crm.services)).toEqual(before);
  expect(await checkIfDue(crm.services)).toBe(false);
  await db.crmPortal.update({ where: { id: 1 }, data: { connectionCheckUntil: new Date(Date.now() - 1_000) } });
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(await readVerdict(crm.services)).toMatchObject({ red: ["demands"] });
  expect((await readPortalState(crm.services)).pausedBy).toBe("breaker");
});

test("a check whose finding cannot be followed is kept, and not made again before the next night", async () => {
  const { db } = crm.services;
  await db.$executeRaw`alter table "CrmPortal" add constraint "never_paused" check ("pausedBy" is null)`;
  crm.portal.configure({ required: { contact: [], deal: ["additionalInfo"] } });
  await expect(checkIfDue(crm.services)).rejects.toThrow("never_paused");
  expect(await readVerdict(crm.services)).toMatchObject({ red: ["demands"] });
  await db.crmPortal.updateMany({
    where: { connectionCheckUntil: { not: null } },
    data: { connectionCheckUntil: new Date(Date.now() - 1_000) },
  });
  const { requests } = crm.portal;
  expect(await checkIfDue(crm.services)).toBe(false);
  expect(crm.portal.requests).toBe(requests);
});

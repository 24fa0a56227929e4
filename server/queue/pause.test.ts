import { afterEach, beforeEach, expect, test } from "vitest";
import { listAudit } from "../audit/audit";
import { aWholeTurn, type CrmHarness, createCrmHarness } from "../test/crm";
import { eventually } from "../test/eventually";
import { makeAdmin } from "../test/factories";
import { openBreaker, readPortalState } from "./circuit-breaker";
import { pauseQueue, resumeQueue } from "./pause";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness();
});
afterEach(() => crm.close());

const actions = async () => {
  const { entries } = await listAudit(crm.services, {});
  return entries.map(({ action, details }) => ({ action, details }));
};

test("while the queue is paused nothing is sent; resuming wakes the worker", async () => {
  const actor = await makeAdmin(crm.services.db);
  await crm.services.db.user.update({ where: { id: actor.id }, data: { crmState: "SYNCED" } });
  expect(await pauseQueue(crm.services, { actor })).toBe(true);
  const id = await crm.register();
  crm.newWorker().start();
  await aWholeTurn(crm);
  expect(crm.portal.requests).toBe(0);

  expect(await resumeQueue(crm.services, { actor })).toBe(true);
  const state = async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState;
  await eventually(async () => expect(await state()).toBe("SYNCED"));
});

test("pausing twice and resuming what runs change nothing and are no entries of the audit", async () => {
  const actor = await makeAdmin(crm.services.db);
  expect(await resumeQueue(crm.services, { actor })).toBe(false);
  await pauseQueue(crm.services, { actor });
  const { pausedAt } = await readPortalState(crm.services);
  expect(await pauseQueue(crm.services, { actor })).toBe(false);
  expect((await readPortalState(crm.services)).pausedAt).toEqual(pausedAt);
  await resumeQueue(crm.services, { actor });
  expect(await actions()).toEqual([
    { action: "crm.resume", details: { by: "admin" } },
    { action: "crm.pause", details: {} },
  ]);
});

test("resuming clears an open breaker, and the audit keeps why it had opened", async () => {
  const actor = await makeAdmin(crm.services.db);
  await openBreaker(crm.services, { code: "INVALID_CREDENTIALS" });
  expect(await resumeQueue(crm.services, { actor })).toBe(true);
  expect(await readPortalState(crm.services)).toMatchObject({ pausedBy: null, pauseCode: null, probeAt: null });
  expect(await actions()).toEqual([{ action: "crm.resume", details: { by: "breaker", code: "INVALID_CREDENTIALS" } }]);
});

test("an administrator's pause takes the place of the breaker's, so that no probe ends it", async () => {
  const actor = await makeAdmin(crm.services.db);
  await openBreaker(crm.services, { code: "OVERLOAD_LIMIT" });
  expect(await pauseQueue(crm.services, { actor })).toBe(true);
  expect(await readPortalState(crm.services)).toMatchObject({ pausedBy: "admin", pauseCode: null, probeAt: null });
});

test("two administrators who pause at once make one entry", async () => {
  const actor = await makeAdmin(crm.services.db);
  const results = await Promise.all(Array.from({ length: 5 }, () => pauseQueue(crm.services, { actor })));
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await actions()).toHaveLength(1);
});

import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { loggedRecords } from "../crm/made-records";
import { recogniseRecords } from "../crm/recognise";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";

/** Managers make a person's deal recurring: the portal copies it every month, with our external id and the same contact. */

const day = 86_400_000;

/** A person whose deal managers have made recurring a month after the registration. */
async function start() {
  const one = await startComparedPerson();
  const { portal, services } = one.crm;
  await one.night();
  portal.advance(30 * day);
  const { template, made } = portal.staff.makeRecurring(one.dealId);
  const copies = () => structuredClone([portal.deals.get(template.id), portal.deals.get(made.id)]);
  return {
    ...one,
    staff: portal.staff,
    template,
    made,
    copies,
    logged: async () => (await loggedRecords(services.db, one.userId)).deals,
  };
}

test("sales that come every month from a person's deal are the managers' own, and no duplicates", async () => {
  const { crm, userId, user, dealId, night, open, copies, logged } = await start();
  const before = copies();
  await night();
  await recogniseRecords(crm.services, userId);
  expect(await open()).toEqual([]);
  expect(await logged()).toEqual([dealId]);
  expect((await user()).bitrix24DealId).toBe(dealId);
  expect(copies()).toEqual(before);
});

test("a template that is made at once after the registration is no duplicate either", async () => {
  const { crm, userId, dealId, night, open } = await startComparedPerson();
  const { made } = crm.portal.staff.makeRecurring(dealId);
  crm.portal.staff.deleteDeal(made.id);
  await night();
  expect(await open()).toEqual([]);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([dealId]);
});

test("no such sale takes the place of the deal that managers delete, nor of one that is made again", async () => {
  const { crm, staff, user, dealId, template, made, night, open, copies, logged } = await start();
  const { db } = crm.services;
  staff.deleteDeal(dealId);
  const before = copies();
  await night();
  expect(await open()).toEqual([["DEAL_DELETED", dealId]]);
  expect((await user()).bitrix24DealId).toBe(dealId);
  const { id } = await db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
  await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const again = (await user()).bitrix24DealId ?? 0;
  expect([dealId, template.id, made.id]).not.toContain(again);
  expect(await logged()).toEqual([dealId, again]);
  expect(copies()).toEqual(before);
});

test("the deal that managers restore is the person's again, although its copies stand beside it", async () => {
  const { staff, user, dealId, night, open } = await start();
  staff.deleteDeal(dealId);
  const { id } = staff.restoreDeal(dealId);
  await night();
  expect((await user()).bitrix24DealId).toBe(id);
  expect(await open()).toEqual([]);
});

test.each([
  ["whose answer was lost", true],
  ["of a process that died before it noted anything", false],
])("a deal that is made again by a request %s is found, and not made twice", async (_name, isLogged) => {
  const one = await startComparedPerson({ env: { BITRIX24_SETTLE_MS: "3000" } });
  const { crm, worker, userId, user, dealId, night } = one;
  const { db } = crm.services;
  await db.crmLog.updateMany({ where: { userId }, data: { at: new Date(Date.now() - 30 * day) } });
  crm.portal.staff.deleteDeal(dealId);
  await night();
  const match = ({ params }: { params: Record<string, unknown> }) => String(params.entityTypeId) === "2";
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", match, times: 1 });
  const { id } = await db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
  await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
  await expect.poll(() => crm.portal.deals.size).toBe(1);
  await worker.stop();
  if (!isLogged) await db.crmLog.deleteMany({ where: { userId, outcome: "UNKNOWN" } });
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect([...crm.portal.deals.keys()]).toEqual([(await user()).bitrix24DealId]);
});

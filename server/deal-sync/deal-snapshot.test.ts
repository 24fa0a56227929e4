import { expect, test } from "vitest";
import { openConflict } from "../conflicts/conflicts";
import { resolveConflict } from "../conflicts/resolve";
import { setPaid } from "../payments/payments";
import { saveSettings } from "../settings/change";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";
import { type DealRow, loadDealRows, recordGone, recordInSync } from "./deal-snapshot";

/** One person with a deal on the portal, and the worker that keeps both in sync. */
async function start(env: Record<string, string> = { BITRIX24_PAID_STAGE_ID: "WON" }) {
  const person = await startComparedPerson({ env });
  const { crm, userId } = person;
  return {
    ...person,
    pay: (isPaid: boolean) => setPaid(crm.services, { actor: admin, userId, isPaid, origin: "page" }),
    open: async () =>
      (await crm.services.db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } })).map(
        ({ kind }) => kind,
      ),
  };
}

test("a contact that was taken off the deal and put back is no difference any more", async () => {
  const { crm, dealId, contactId, remind, open } = await start();
  crm.portal.staff.updateDeal(dealId, { contactIds: [] });
  await remind();
  expect(await open()).toEqual(["CONTACT_DELETED"]);
  crm.portal.staff.updateDeal(dealId, { contactIds: [contactId] });
  await remind();
  expect(await open()).toEqual([]);
});

test("a lost deal that a manager deletes is listed as deleted only", async () => {
  const { crm, dealId, pay, quiet, remind, open } = await start();
  crm.portal.staff.moveDeal(dealId, "LOSE");
  await pay(true);
  await quiet();
  expect(await open()).toEqual(["DEAL_LOST"]);
  crm.portal.staff.deleteDeal(dealId);
  await remind();
  expect(await open()).toEqual(["DEAL_DELETED"]);
});

test("a deal of another funnel that is lost there is a lost one only, until it is reopened", async () => {
  const { crm, dealId, pay, quiet, remind, open } = await start();
  crm.portal.staff.updateDeal(dealId, { categoryId: 1, stageId: "C1:EXECUTING" });
  await pay(true);
  await quiet();
  expect(await open()).toEqual(["DEAL_OTHER_FUNNEL"]);
  crm.portal.staff.moveDeal(dealId, "C1:LOSE");
  await remind();
  expect(await open()).toEqual(["DEAL_LOST"]);
  crm.portal.staff.moveDeal(dealId, "C1:EXECUTING");
  await remind();
  expect(await open()).toEqual(["DEAL_OTHER_FUNNEL"]);
});

test("a comparison that has found the deal gone says so no more once an administrator has had it made again", async () => {
  const { crm, userId, user, dealId, remind, quiet, open } = await start();
  const [read] = await loadDealRows(crm.services, [userId]);
  crm.portal.staff.deleteDeal(dealId);
  await remind();
  const { id } = await crm.services.db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
  await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
  await recordGone(crm.services, read as DealRow);
  expect(await open()).toEqual([]);
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  await quiet();
  await recordGone(crm.services, read as DealRow);
  expect(await open()).toEqual([]);
});

test("the timeline of a deal that was made again does not call the portal's payment an administrator's", async () => {
  const { crm, user, dealId, remind, quiet } = await start();
  crm.portal.staff.moveDeal(dealId, "WON");
  await remind();
  expect((await user()).isPaid).toBe(true);
  crm.portal.staff.deleteDeal(dealId);
  await remind();
  const { id } = await crm.services.db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
  await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  await quiet();
  expect(crm.portal.deals.get((await user()).bitrix24DealId ?? 0)?.stageId).toBe("WON");
  expect(crm.portal.comments.size).toBe(0);
});

test("a payment from before the paid stage was set moves the deal, and is not taken back by it", async () => {
  const { crm, worker, user, dealId, pay, quiet, remind } = await start({});
  await pay(true);
  await quiet();
  await worker.stop();
  await saveSettings(crm.services, { actor: admin, texts: { paidStage: "WON" }, seen: 0 });
  crm.newWorker().start();
  await remind();
  expect((await user()).isPaid).toBe(true);
  expect(crm.portal.deals.get(dealId)?.stageId).toBe("WON");
});

test("another paid stage takes paid deals along, and takes nobody's payment back", async () => {
  const { crm, worker, user, dealId, pay, quiet, remind } = await start({ BITRIX24_PAID_STAGE_ID: "EXECUTING" });
  await pay(true);
  await quiet();
  expect(crm.portal.deals.get(dealId)?.stageId).toBe("EXECUTING");
  await worker.stop();
  crm.services.env.BITRIX24_PAID_STAGE_ID = "WON";
  crm.newWorker().start();
  await remind();
  expect((await user()).isPaid).toBe(true);
  expect(crm.portal.deals.get(dealId)?.stageId).toBe("WON");
});

/** As after an administrator had the contact made again: the look-up finds that the stored deal is gone. */
async function resumeWithoutDeal({ crm, userId, dealId }: Awaited<ReturnType<typeof start>>): Promise<void> {
  const { db, queue } = crm.services;
  crm.portal.staff.deleteDeal(dealId);
  await db.user.update({ where: { id: userId }, data: { crmState: "PENDING" } });
  await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", userId));
}

test("the payment of a deal that is gone is carried to the deal made in its place, not taken back", async () => {
  const person = await start();
  const { crm, userId, dealId, pay, quiet, user } = person;
  await pay(true);
  await expect.poll(() => crm.portal.deals.get(dealId)?.stageId).toBe("WON");
  await quiet();
  await resumeWithoutDeal(person);
  await expect.poll(() => [...crm.portal.deals.values()].map(({ stageId }) => stageId)).toEqual(["WON"]);
  await quiet();
  expect(await user()).toMatchObject({ isPaid: true, bitrix24DealId: [...crm.portal.deals.keys()][0] });
  expect(await crm.services.db.paymentChange.count({ where: { userId } })).toBe(1);
});

test("a deal made in place of one that is gone gets its product, even where the answer about it was lost", async () => {
  const person = await start();
  const { crm, remind, quiet, user } = person;
  await remind();
  crm.portal.fail({ kind: "dropBefore", method: "crm.item.productrow.set", times: 1 });
  await resumeWithoutDeal(person);
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  await quiet();
  expect([...crm.portal.deals.keys()].map((id) => crm.portal.rows.get(id))).toMatchObject([[{ productId: 1777 }]]);
});

test("what an earlier release left of another deal says nothing of the person's deal", async () => {
  const { crm, userId, dealId, pay, quiet, remind, user, open } = await start();
  await pay(true);
  await quiet();
  const { db } = crm.services;
  await db.dealSnapshot.update({ where: { userId }, data: { dealId: dealId - 1, updatedTime: "" } });
  await openConflict(db, { kind: "STAGE_REFUSED", userId, portalId: dealId - 1 });
  crm.portal.staff.moveDeal(dealId, "NEW");
  await remind();
  expect(crm.portal.deals.get(dealId)?.stageId).toBe("WON");
  expect((await user()).isPaid).toBe(true);
  expect(await open()).toEqual([]);
});

test("decisions and comparisons of one person at the same moment wait for each other", async () => {
  const { crm, worker, userId, remind } = await start();
  const { db } = crm.services;
  await remind();
  await worker.stop();
  const [row] = (await loadDealRows(crm.services, [userId])) as [DealRow];
  for (let round = 0; round < 30; round++) {
    await openConflict(db, { kind: "DEAL_LOST", userId, portalId: row.dealId });
    const { id } = await db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
    const decided = resolveConflict(crm.services, { actor: admin, conflictId: id, action: "force" });
    const agreed = recordInSync(crm.services, row, false, { announced: false, dealStageId: null });
    // The decision may come too late, but neither side may fail with a deadlock.
    await decided.catch((error) => expect(error).toMatchObject({ code: "CONFLICT" }));
    await agreed;
  }
});

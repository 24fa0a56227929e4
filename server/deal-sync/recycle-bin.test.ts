import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { loggedRecords } from "../crm/made-records";
import { setPaid } from "../payments/payments";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";

const day = 86_400_000;

/** One person whose deal is on the portal, and nights that pass over it. */
async function start() {
  const one = await startComparedPerson({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  await one.night();
  return {
    ...one,
    staff: one.crm.portal.staff,
    pay: async (isPaid: boolean) => {
      await setPaid(one.crm.services, { actor: admin, userId: one.userId, isPaid, origin: "page" });
      await one.quiet();
    },
    stage: (dealId: number) => one.crm.portal.deals.get(dealId)?.stageId,
  };
}

test("a deal that managers restore from the recycle bin is the person's again, and payments follow it", async () => {
  const { crm, staff, userId, user, dealId, night, pay, open, stage } = await start();
  await pay(true);
  staff.deleteDeal(dealId);
  await night();
  expect(await open()).toEqual([["DEAL_DELETED", dealId]]);
  const { id } = staff.restoreDeal(dealId);
  const before = structuredClone([crm.portal.deals.get(id), crm.portal.rows.get(id)]);
  await night();
  expect(await open()).toEqual([]);
  expect(await user()).toMatchObject({ bitrix24DealId: id, crmState: "SYNCED", isPaid: true });
  expect([crm.portal.deals.get(id), crm.portal.rows.get(id)]).toEqual(before);
  expect(crm.portal.deals.size).toBe(1);
  expect((await loggedRecords(crm.services.db, userId)).deals).toContain(id);
  await pay(false);
  expect(stage(id)).toBe("NEW");
});

test("a deal that was deleted and restored between two nights is never listed", async () => {
  const { staff, user, dealId, night, open } = await start();
  staff.deleteDeal(dealId);
  const { id } = staff.restoreDeal(dealId);
  await night();
  expect(await open()).toEqual([]);
  expect((await user()).bitrix24DealId).toBe(id);
});

test("a deal that is restored and then asked for anew keeps what managers sell by it", async () => {
  const { crm, staff, userId, user, dealId, night, open, quiet } = await start();
  crm.portal.configure({
    products: [
      ...crm.portal.settings.products,
      { id: 1800, name: "Workbook", price: 49, currency: "USD", active: true },
    ],
  });
  staff.replaceProduct(dealId, 1777, 1800);
  staff.deleteDeal(dealId);
  await night();
  expect(await open()).toEqual([["DEAL_DELETED", dealId]]);
  const { id } = staff.restoreDeal(dealId);
  const conflict = await crm.services.db.conflict.findFirstOrThrow({ where: { userId, kind: "DEAL_DELETED" } });
  await resolveConflict(crm.services, { actor: admin, conflictId: conflict.id, action: "recreate" });
  await quiet();
  expect(await user()).toMatchObject({ bitrix24DealId: id, crmState: "SYNCED", crmRowUncertain: false });
  expect(crm.portal.rows.get(id)).toMatchObject([{ productId: 1800 }]);
  expect(crm.portal.deals.size).toBe(1);
});

test("a payment that was taken back while the deal lay in the recycle bin is not set again by the restored deal", async () => {
  const { staff, user, dealId, night, pay, stage } = await start();
  await pay(true);
  staff.deleteDeal(dealId);
  await pay(false);
  const { id } = staff.restoreDeal(dealId);
  await night();
  expect((await user()).isPaid).toBe(false);
  expect(stage(id)).toBe("NEW");
});

test("what managers sell on a restored deal is compared with what was sold before", async () => {
  const { crm, staff, dealId, night, open } = await start();
  staff.deleteDeal(dealId);
  const { id } = staff.restoreDeal(dealId);
  staff.setRows(id, [{ productId: 1777, price: 39, quantity: 1 }]);
  await night();
  expect(await open()).toEqual([["SALE_CHANGED", id]]);
  expect(crm.portal.rows.get(id)).toMatchObject([{ price: 39 }]);
});

test("a newer deal that got our mark by merging is neither taken nor called a second one", async () => {
  const { crm, staff, userId, user, dealId, contactId, night, open } = await start();
  crm.portal.configure({ switches: { mergedMarks: "filled" } });
  crm.portal.advance(day);
  const other = staff.addDeal({ title: "By phone", contactIds: [contactId] });
  staff.mergeDeals([dealId, other.id], { into: other.id, settled: true });
  expect(crm.portal.deals.get(other.id)?.originId).toBe(`user-${userId}`);
  await night();
  expect(await open()).toEqual([["DEAL_DELETED", dealId]]);
  expect((await user()).bitrix24DealId).toBe(dealId);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([dealId]);
});

test("a deal that was made when another one was noticed is not taken for that one", async () => {
  const { crm, staff, userId, user, dealId, contactId, night, open } = await start();
  const { db } = crm.services;
  crm.portal.configure({ switches: { mergedMarks: "filled" } });
  // The first deal's answer was lost a day ago, and the deal was found now.
  (crm.portal.deals.get(dealId) as { createdTime: number }).createdTime -= day;
  await db.crmLog.updateMany({ where: { userId, dealId }, data: { method: "found" } });
  const other = staff.addDeal({ title: "By phone", contactIds: [contactId] });
  staff.mergeDeals([dealId, other.id], { into: other.id, settled: true });
  expect(crm.portal.deals.get(other.id)?.originId).toBe(`user-${userId}`);
  await night();
  expect(await open()).toEqual([["DEAL_DELETED", dealId]]);
  expect((await user()).bitrix24DealId).toBe(dealId);
  expect((await loggedRecords(db, userId)).deals).toEqual([dealId]);
});

test("of two deals of one registration the one that managers left is the person's", async () => {
  const { crm, staff, userId, user, dealId, contactId, night, open } = await start();
  const second = staff.addDeal({ title: "Second", contactId, currencyId: "USD", ...(await crm.mark(userId)) });
  await night();
  expect(await open()).toEqual([["DUPLICATE_DEAL", second.id]]);
  staff.deleteDeal(dealId);
  await night();
  expect(await open()).toEqual([]);
  expect(await user()).toMatchObject({ bitrix24DealId: second.id, crmState: "SYNCED" });
  expect(crm.portal.rows.get(second.id)).toMatchObject([{ productId: 1777 }]);
});

test("a contact that managers restore from the recycle bin is the person's again", async () => {
  const { crm, staff, user, dealId, contactId, night, open } = await start();
  staff.deleteContact(contactId);
  await night();
  expect(await open()).toEqual([["CONTACT_DELETED", contactId]]);
  const { id } = staff.restoreContact(contactId);
  await night();
  expect(await open()).toEqual([]);
  expect((await user()).bitrix24ContactId).toBe(id);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([id]);
});

test("a restored contact that managers took off the deal is the person's, and no second one", async () => {
  const { crm, staff, user, dealId, contactId, night, open } = await start();
  staff.deleteContact(contactId);
  const { id } = staff.restoreContact(contactId);
  staff.linkContacts(dealId, []);
  await night();
  expect((await user()).bitrix24ContactId).toBe(id);
  expect(await open()).toEqual([["CONTACT_DELETED", id]]);
  const conflict = await crm.services.db.conflict.findFirst({ where: { portalId: id } });
  expect(conflict?.details).toEqual({ stands: true });
});

test.each([
  ["with the deal", false],
  ["without a deal that tells it", true],
])(
  "of two contacts of one registration the one into which managers merged the other is the person's, %s",
  async (_name, isAlone) => {
    const { crm, staff, userId, user, dealId, contactId, night, open } = await start();
    const { email } = await user();
    const second = staff.addContact({ name: "Second", ...(await crm.mark(userId)) }, { emails: [email] });
    await night();
    expect(await open()).toEqual([["DUPLICATE_CONTACT", second.id]]);
    // As where thousands of contacts follow: a night reads only those that came later.
    await crm.services.db.reconcileRun.updateMany({ data: { cursor: { phase: "contacts", after: second.id } } });
    if (isAlone) staff.deleteDeal(dealId);
    staff.mergeContacts([contactId, second.id], { into: second.id, settled: true });
    const before = structuredClone(crm.portal.contacts.get(second.id));
    await night();
    expect(await open()).toEqual(isAlone ? [["DEAL_DELETED", dealId]] : []);
    expect(await user()).toMatchObject({ bitrix24ContactId: second.id, crmContactBy: "made", crmState: "SYNCED" });
    expect(crm.portal.contacts.get(second.id)).toEqual(before);
  },
);

test("a duplicate that managers made another person's contact is not adopted when the person's own goes", async () => {
  const { crm, staff, userId, user, dealId, contactId, night, open } = await start();
  const { email } = await user();
  const second = staff.addContact({ name: "Second", ...(await crm.mark(userId)) }, { emails: [email] });
  await night();
  staff.removeCommunication(second.id, email);
  staff.deleteDeal(dealId);
  staff.deleteContact(contactId);
  await night();
  expect((await user()).bitrix24ContactId).toBe(contactId);
  expect(await open()).toContainEqual(["DUPLICATE_CONTACT", second.id]);
});

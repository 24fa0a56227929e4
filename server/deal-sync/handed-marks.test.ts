import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { loggedRecords } from "../crm/made-records";
import { recogniseRecords } from "../crm/recognise";
import { findUnknownMarks, markQuestions } from "../identity/unknown-marks";

import { type CrmHarness, startCrm, syncAll } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

const day = 86_400_000;

/** A person linked to a customer's contact, who has a deal of a month ago; merging then hands it our mark. */
async function start() {
  const crm = await startCrm({ portal: { switches: { mergedMarks: "filled" } } });
  const { staff } = crm.portal;
  crm.portal.advance(-30 * day);
  const contact = staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  const older = staff.addDeal({ title: "Прошлая продажа", contactId: contact.id });
  crm.portal.advance(30 * day);
  const userId = await crm.register({ email: "anna@example.com" });
  crm.newWorker().start();
  const user = () => crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  staff.updateDeal(older.id, await crm.mark(userId));
  const own = (await user()).bitrix24DealId ?? 0;
  const reconcile = () => reconcileAll(crm);
  const open = async () =>
    (await crm.services.db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind, portalId }) => [
      kind,
      portalId,
    ]);
  return { crm, staff, userId, user, older: older.id, own, reconcile, open };
}

test("a deal older than the person that was handed our mark is neither taken nor a reason to remove the person's own", async () => {
  const { crm, user, userId, own, older, reconcile, open } = await start();
  const before = structuredClone(crm.portal.deals.get(older));
  await reconcile();
  expect((await user()).bitrix24DealId).toBe(own);
  expect(await open()).toEqual([]);
  expect(crm.portal.deals.get(older)).toEqual(before);
  await recogniseRecords(crm.services, userId);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([own]);
});

test("where the person's deal was merged into such a deal, an administrator decides", async () => {
  const { crm, staff, user, userId, own, older, reconcile, open } = await start();
  staff.deleteDeal(own);
  const before = structuredClone(crm.portal.deals.get(older));
  await reconcile();
  expect((await user()).bitrix24DealId).toBe(own);
  expect(await open()).toEqual([["DEAL_DELETED", own]]);
  expect(crm.portal.deals.get(older)).toEqual(before);
  await recogniseRecords(crm.services, userId);
  expect((await loggedRecords(crm.services.db, userId)).deals).not.toContain(older);
});

test("a deal that is made again is a new one, not the customer's older deal into which the first was merged", async () => {
  const { crm, staff, user, userId, own, older, reconcile } = await start();
  const { db } = crm.services;
  staff.deleteDeal(own);
  await reconcile();
  const before = structuredClone(crm.portal.deals.get(older));
  const { id } = await db.conflict.findFirstOrThrow({ where: { kind: "DEAL_DELETED", resolvedAt: null } });
  await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "recreate" });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const made = (await user()).bitrix24DealId ?? 0;
  expect([own, older]).not.toContain(made);
  expect(crm.portal.deals.get(older)).toEqual(before);
  expect((await loggedRecords(db, userId)).deals).toEqual([own, made]);
});

test("a customer's contact that was handed our mark is linked, and nothing says that it was made for the person", async () => {
  const { crm, staff, reconcile } = await start();
  const { db } = crm.services;
  crm.portal.advance(-30 * day);
  const card = staff.addContact({ name: "Борис" }, { emails: ["office@example.com"] });
  crm.portal.advance(30 * day);
  const userId = await crm.register({ email: "boris@example.com", firstName: "Борис" });
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const made = (await user()).bitrix24ContactId ?? 0;
  expect(await user()).toMatchObject({ crmContactBy: "made" });
  staff.mergeContacts([made, card.id], { into: card.id, settled: true });
  expect(crm.portal.contacts.get(card.id)).toMatchObject(await crm.mark(userId));
  await reconcile();
  expect(await user()).toMatchObject({ bitrix24ContactId: card.id, crmContactBy: "email" });
  await recogniseRecords(crm.services, userId);
  expect((await loggedRecords(db, userId)).contacts).toEqual([made]);
});

/** A customer's contact and deal of a month ago, into which managers have merged those of a new person. */
async function mergeIntoOlder(
  details: { email: string; phone: string },
  ofCard: { emails?: string[]; phones?: string[] },
) {
  const crm = await startCrm({ portal: { switches: { mergedMarks: "filled" } } });
  const { staff } = crm.portal;
  crm.portal.advance(-30 * day);
  const card = staff.addContact({ name: "Борис" }, ofCard);
  const older = staff.addDeal({ title: "Прошлая продажа", contactId: card.id });
  crm.portal.advance(30 * day);
  const userId = await crm.register({ ...details, firstName: "Борис" });
  await syncAll(crm);
  const { bitrix24ContactId: contactId, bitrix24DealId: dealId } = await userOf(crm, userId);
  if (contactId !== card.id) staff.mergeContacts([contactId ?? 0, card.id], { into: card.id, settled: true });
  staff.mergeDeals([dealId ?? 0, older.id], { into: older.id, settled: true });
  expect(crm.portal.deals.get(older.id)).toMatchObject(await crm.mark(userId));
  return { crm, userId, older: older.id, card: card.id };
}

/** Looks at the portal as at the next start; whether this database then counts as put back to an earlier state. */
async function lookAgain({ services: { db, bitrix24 } }: CrmHarness): Promise<boolean> {
  const { part } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  await bitrix24.portal.assertKnown(bitrix24.client, { anew: true });
  const { part: next } = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  const { restoredAt } = await db.crmPortal.findUniqueOrThrow({ where: { id: 1 } });
  expect(next !== part).toBe(restoredAt !== null);
  return restoredAt !== null;
}

const lostMarks = async ({ services }: CrmHarness) => {
  const { bitrix24 } = services;
  return (await findUnknownMarks(services, await bitrix24.client.batch(markQuestions(await bitrix24.marks())))).lost;
};

const boris = { email: "boris@example.com", phone: "+79990001122" };

test.each([
  ["whose contact was merged as well", { emails: ["office@example.com"] }],
  ["whose contact was linked by the phone", { emails: ["office@example.com"], phones: [boris.phone] }],
])("a database whose person's deal was merged into an older one, and %s, was not put back", async (_name, ofCard) => {
  const { crm } = await mergeIntoOlder(boris, ofCard);
  expect(await lookAgain(crm)).toBe(false);
  expect(await lostMarks(crm)).toEqual([]);
});

test("an erased person whose records were merged into older ones is no reason to think that the database was put back", async () => {
  const { crm, userId } = await mergeIntoOlder(boris, { emails: ["office@example.com"] });
  await crm.services.db.user.update({ where: { id: userId }, data: { erasedAt: new Date(), email: "erased-1" } });
  expect(await lookAgain(crm)).toBe(false);
});

test.each([
  ["another person's", { email: "vera@example.com", phone: "+79995556677" }, 30 * day],
  ["a relative's with the same phone, of the same day", { email: "vera@example.com", phone: boris.phone }, 3_600_000],
])("a database that gives a number twice was put back: the older records are %s", async (_name, relative, ago) => {
  const { crm, userId, older, card } = await mergeIntoOlder(boris, {});
  for (const id of [card, older]) {
    const record = crm.portal.contacts.get(id) ?? crm.portal.deals.get(id);
    (record as { createdTime: number }).createdTime = Date.now() - ago;
  }
  // The row of another user: that one has registered since and has nothing on the portal yet.
  const data = { ...relative, bitrix24ContactId: null, bitrix24DealId: null };
  await crm.services.db.user.update({ where: { id: userId }, data });
  expect((await lostMarks(crm)).map(({ id }) => id).sort()).toEqual([card, older].sort());
  expect(await lookAgain(crm)).toBe(true);
});

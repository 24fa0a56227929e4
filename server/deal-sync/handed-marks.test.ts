import { afterEach, expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { loggedRecords } from "../crm/made-records";
import { recogniseRecords } from "../crm/recognise";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { requestReconcile } from "./reconcile-runs";

let harness: CrmHarness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

const admin = { kind: "USER", id: 1, role: "ADMIN" } as const;
const day = 86_400_000;

/** A person linked to a customer's contact, who has a deal of a month ago; merging then hands it our mark. */
async function start() {
  const crm = await createCrmHarness({ portal: { switches: { mergedMarks: "filled" } } });
  harness = crm;
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
  const reconcile = async () => {
    await requestReconcile(crm.services, { actor: admin });
    await expect.poll(() => crm.services.db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
  };
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

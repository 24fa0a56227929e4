import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { startCrm } from "../test/crm";
import { admin } from "../test/factories";
import type { GatewayHooks } from "../test/gateway";
import { reconcileAll } from "../test/reconcile";

/** One person with a contact and a deal, and an accountant whom managers may make the main contact. */
async function start(gateway: GatewayHooks = {}) {
  const env = { BITRIX24_PAID_STAGE_ID: "WON" };
  const crm = await startCrm({ env, gateway });
  crm.portal.advance(-60_000);
  const { db } = crm.services;
  const userId = await crm.register();
  crm.newWorker().start();
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const { bitrix24DealId, bitrix24ContactId, email } = await user();
  const accountant = crm.portal.staff.addContact({ name: "Accountant" }, { emails: ["books@example.com"] });
  return {
    staff: crm.portal.staff,
    crm,
    userId,
    user,
    email,
    accountant: accountant.id,
    dealId: bitrix24DealId ?? 0,
    contactId: bitrix24ContactId ?? 0,
    async reconcile() {
      await reconcileAll(crm);
      crm.portal.advance(2_000);
    },
    open: async () =>
      (await db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } })).map(
        ({ kind, portalId }) => [kind, portalId],
      ),
    async decide(action: "dismiss" | "follow" | "recreate") {
      const { id } = await db.conflict.findFirstOrThrow({ where: { resolvedAt: null } });
      await resolveConflict(crm.services, { actor: admin, conflictId: id, action });
    },
  };
}

test("another main contact is listed; the person's own stays theirs and is not offered for removal", async () => {
  const { crm, staff, user, dealId, contactId, accountant, reconcile, open } = await start();
  staff.makeMain(dealId, accountant);
  await reconcile();
  await reconcile();
  expect((await user()).bitrix24ContactId).toBe(contactId);
  expect(await open()).toEqual([["DEAL_OTHER_CONTACT", accountant]]);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([accountant, contactId]);
});

test("so is one that took the place of the person's own, which still stands", async () => {
  const { staff, user, dealId, contactId, accountant, reconcile, open } = await start();
  staff.linkContacts(dealId, [accountant]);
  await reconcile();
  expect((await user()).bitrix24ContactId).toBe(contactId);
  expect(await open()).toEqual([["DEAL_OTHER_CONTACT", accountant]]);
});

test("once the person's own comes first again, nothing is to be decided", async () => {
  const { staff, dealId, contactId, accountant, reconcile, open } = await start();
  staff.makeMain(dealId, accountant);
  await reconcile();
  staff.makeMain(dealId, contactId);
  await reconcile();
  expect(await open()).toEqual([]);
});

test("a contact that was merged into the main one is followed", async () => {
  const { staff, user, contactId, reconcile, open } = await start();
  const card = staff.addContact({ name: (await user()).firstName });
  staff.mergeContacts([contactId, card.id], { into: card.id, settled: true });
  await reconcile();
  expect(await user()).toMatchObject({ bitrix24ContactId: card.id, crmContactBy: "email" });
  expect(await open()).toEqual([]);
});

test("a contact that was merged into another is followed there, even where an accountant comes first", async () => {
  const { staff, user, dealId, contactId, accountant, reconcile } = await start();
  staff.makeMain(dealId, accountant);
  await reconcile();
  const card = staff.addContact({ name: (await user()).firstName });
  staff.mergeContacts([contactId, card.id], { into: card.id, settled: true });
  await reconcile();
  expect((await user()).bitrix24ContactId).toBe(card.id);
});

test("a contact that was deleted is followed by the one that managers put on the deal instead", async () => {
  const { crm, staff, user, dealId, contactId, accountant, reconcile, open } = await start();
  staff.deleteContact(contactId);
  staff.linkContacts(dealId, [accountant]);
  await reconcile();
  expect(await user()).toMatchObject({ bitrix24ContactId: accountant, crmContactBy: "manager", crmState: "SYNCED" });
  expect(await open()).toEqual([]);
  expect(crm.portal.contacts.size).toBe(1);
});

test("a contact that only the webhook's owner may not see is not taken for gone", async () => {
  const closed = new Set<number>();
  const answer = (method: string, text: string): string => {
    const { result } = JSON.parse(text) as { result?: { item?: { id: number }; items?: { id: number }[] } };
    if (method === "crm.item.get" && closed.has(result?.item?.id ?? 0)) return `{"error":"ACCESS_DENIED"}`;
    if (method !== "crm.item.list" || !result?.items) return text;
    return JSON.stringify({ result: { items: result.items.filter(({ id }) => !closed.has(id)) } });
  };
  const { staff, user, dealId, contactId, accountant, reconcile, open } = await start({ answer });
  closed.add(contactId);
  staff.makeMain(dealId, accountant);
  await reconcile();
  expect((await user()).bitrix24ContactId).toBe(contactId);
  expect(await open()).toEqual([["DEAL_OTHER_CONTACT", accountant]]);
});

test("an administrator may say that the main contact is the person", async () => {
  const { staff, user, dealId, contactId, accountant, reconcile, open, decide } = await start();
  staff.makeMain(dealId, accountant);
  await reconcile();
  await decide("follow");
  await reconcile();
  expect((await user()).bitrix24ContactId).toBe(accountant);
  // The other contact is on the deal, so it is no duplicate to be removed.
  expect(await open()).toEqual([]);
  staff.linkContacts(dealId, [accountant]);
  await reconcile();
  expect(await open()).toEqual([["DUPLICATE_CONTACT", contactId]]);
});

test("of two main contacts that managers chose one after the other only the present one is to be decided", async () => {
  const { crm, staff, user, dealId, contactId, accountant, reconcile, open, decide } = await start();
  const director = staff.addContact({ name: "Director" }, { emails: ["head@example.com"] }).id;
  staff.makeMain(dealId, accountant);
  await reconcile();
  staff.makeMain(dealId, director);
  // Decided before a comparison has noticed the second change.
  await expect(decide("follow")).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: null } });
  expect((await user()).bitrix24ContactId).toBe(contactId);
  await reconcile();
  expect(await open()).toEqual([["DEAL_OTHER_CONTACT", director]]);
  await decide("follow");
  expect((await user()).bitrix24ContactId).toBe(director);
  expect(await crm.services.db.conflict.count({ where: { resolution: "gone" } })).toBe(1);
});

test("a contact that was taken off the deal first and deleted afterwards is said to be deleted", async () => {
  const { crm, staff, dealId, contactId, reconcile, open } = await start();
  const said = async () => (await crm.services.db.conflict.findFirstOrThrow({ where: { resolvedAt: null } })).details;
  staff.linkContacts(dealId, []);
  await reconcile();
  expect(await said()).toEqual({ stands: true });
  staff.deleteContact(contactId);
  await reconcile();
  expect(await open()).toEqual([["CONTACT_DELETED", contactId]]);
  expect(await said()).toEqual({ stands: false });
});

test("a contact that was taken off the deal, which was left as it is, is listed again once it is deleted", async () => {
  const { staff, dealId, contactId, reconcile, open, decide } = await start();
  staff.linkContacts(dealId, []);
  await reconcile();
  await decide("dismiss");
  await reconcile();
  expect(await open()).toEqual([]);
  staff.deleteContact(contactId);
  await reconcile();
  expect(await open()).toEqual([["CONTACT_DELETED", contactId]]);
  await decide("dismiss");
  await reconcile();
  expect(await open()).toEqual([]);
});

test("a contact on the deal is not removed, even where an earlier version offered it", async () => {
  const { crm, staff, userId, dealId, contactId, accountant, reconcile, open } = await start();
  staff.makeMain(dealId, accountant);
  await crm.services.db.user.update({ where: { id: userId }, data: { bitrix24ContactId: accountant } });
  const { id } = await crm.services.db.conflict.create({
    data: { kind: "DUPLICATE_CONTACT", userId, portalId: contactId },
  });
  await expect(resolveConflict(crm.services, { actor: admin, conflictId: id, action: "remove" })).rejects.toMatchObject(
    { code: "CONFLICT" },
  );
  expect(crm.portal.contacts.has(contactId)).toBe(true);
  await reconcile();
  expect((await open()).filter(([kind]) => kind === "DUPLICATE_CONTACT")).toEqual([]);
});

test("a contact that was renamed, lost its phone or was handed over stays as managers made it", async () => {
  const { crm, staff, user, dealId, contactId, reconcile, open } = await start();
  staff.updateContact(contactId, { name: "Anna Maria", lastName: "Other", sourceId: "CALL", utmSource: "hand" });
  staff.removeCommunication(contactId, (await user()).phone);
  staff.assignContact(contactId, 2);
  staff.assignDeal(dealId, 2);
  staff.updateDeal(dealId, { title: "Big one", comments: "by hand", sourceId: "CALL", utmSource: "hand" });
  const stands = () =>
    structuredClone([crm.portal.contacts.get(contactId), crm.portal.deals.get(dealId), crm.portal.rows.get(dealId)]);
  const before = stands();
  await reconcile();
  await reconcile();
  expect(stands()).toEqual(before);
  expect(await open()).toEqual([]);
});

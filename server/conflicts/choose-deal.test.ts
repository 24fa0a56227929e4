import { expect, test } from "vitest";
import { loggedRecords, removeMadeRecords } from "../crm/made-records";
import { recogniseRecords } from "../crm/recognise";
import { setPaid } from "../payments/payments";
import { startComparedPerson } from "../test/compared-person";
import { admin, makeAdmin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { listOpenDeals } from "./choose-deal";
import { listConflicts } from "./list";
import { resolveConflict } from "./resolve";

/** A person whose deal managers have merged into one that was entered by hand, and the conflict about it. */
async function start() {
  const one = await startComparedPerson({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { crm, userId, user, dealId: own, contactId, quiet } = one;
  const { db } = crm.services;
  const { staff } = crm.portal;
  const other = staff.addDeal({ title: "By phone", contactIds: [contactId], currencyId: "RUB", opportunity: 4_000 });
  staff.setRows(other.id, [{ productId: 0, productName: "Advice", price: 4_000, quantity: 1 }]);
  staff.mergeDeals([own, other.id], { into: other.id, settled: true });
  const reconcile = () => reconcileAll(crm);
  await reconcile();
  const conflict = await db.conflict.findFirst({ where: { kind: "DEAL_DELETED", userId, resolvedAt: null } });
  return {
    crm,
    staff,
    userId,
    user,
    own,
    contactId,
    other: other.id,
    reconcile,
    conflictId: conflict?.id ?? 0,
    offered: async () => (await listOpenDeals(crm.services, conflict?.id ?? 0)).deals.map(({ id }) => id),
    choose: (dealId: number | null) =>
      resolveConflict(crm.services, { actor: admin, conflictId: conflict?.id ?? 0, action: "choose", dealId }),
    entered: () => structuredClone({ deal: crm.portal.deals.get(other.id), rows: crm.portal.rows.get(other.id) }),
    quiet,
    /** The conflict about what the chosen deal sells now, as administrators see it. */
    saleChanged: async () =>
      (await listConflicts(crm.services, {})).conflicts.find(({ kind }) => kind === "SALE_CHANGED"),
    restore: (id: number | undefined) =>
      resolveConflict(crm.services, { actor: admin, conflictId: id ?? 0, action: "restore" }),
    kinds: async () => (await db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind),
  };
}

test("the deal into which a person's was merged is chosen, stays as it is, and ends the conflict", async () => {
  const { crm, user, other, choose, entered, quiet, reconcile, kinds, conflictId, userId } = await start();
  const before = entered();
  await choose(other);
  await quiet();
  await reconcile();
  expect(await user()).toMatchObject({ bitrix24DealId: other, crmState: "SYNCED" });
  expect(entered()).toEqual(before);
  expect(await kinds()).toEqual([]);
  expect(crm.portal.deals.size).toBe(1);
  const { db } = crm.services;
  expect(await db.conflict.findUnique({ where: { id: conflictId } })).toMatchObject({ resolution: "choose" });
  expect(await db.auditEntry.findMany({ where: { action: "conflict.resolve", targetId: userId } })).toMatchObject([
    { details: { kind: "DEAL_DELETED", action: "choose", dealId: other } },
  ]);
});

test("payment and stage follow each other with the chosen deal", async () => {
  const { crm, staff, userId, user, other, choose, quiet, reconcile } = await start();
  await choose(other);
  await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  await expect.poll(() => crm.portal.deals.get(other)?.stageId).toBe("WON");
  await quiet();
  staff.moveDeal(other, "EXECUTING");
  await reconcile();
  expect((await user()).isPaid).toBe(false);
});

test("a chosen deal is not made by us and never deleted by us, even where it took over our mark", async () => {
  const { crm, staff, userId, other, choose, quiet } = await start();
  await choose(other);
  await quiet();
  for (const mark of [{}, await crm.mark(userId)]) {
    staff.updateDeal(other, mark);
    await recogniseRecords(crm.services, userId);
    expect((await loggedRecords(crm.services.db, userId)).deals).not.toContain(other);
    await removeMadeRecords(crm.services, userId);
    expect(crm.portal.deals.has(other)).toBe(true);
  }
});

test("only open deals of the contact that belong to nobody else are offered", async () => {
  const { crm, staff, contactId, other, offered, userId } = await start();
  const { db } = crm.services;
  const stranger = staff.addContact({ name: "Stranger" }, { emails: ["stranger@example.com"] });
  staff.addDeal({ title: "Of a stranger", contactIds: [stranger.id] });
  staff.addDeal({ title: "Lost", contactIds: [contactId], stageId: "LOSE" });
  staff.addDeal({ title: "Won long ago", contactIds: [contactId], stageId: "WON" });
  const taken = staff.addDeal({ title: "Of another registration", contactIds: [contactId] });
  await db.user.update({ where: { id: (await makeAdmin(db)).id }, data: { bitrix24DealId: taken.id } });
  staff.addDeal({ title: "Marked for another", contactIds: [contactId], ...(await crm.mark(userId + 1_000)) });
  const second = staff.addDeal({ title: "Named second", contactIds: [stranger.id, contactId] });
  expect(await offered()).toEqual([other, second.id]);
});

test("deals of the contact into which the person's was merged are offered too", async () => {
  const { staff, contactId, other, offered, user } = await start();
  const card = staff.addContact({ name: (await user()).firstName });
  staff.mergeContacts([contactId, card.id], { into: card.id, settled: true });
  expect(await offered()).toEqual([other]);
});

test("what is not, or no longer, to choose from is refused, and the conflict stays open", async () => {
  const { crm, staff, user, own, other, choose, kinds } = await start();
  const stranger = staff.addDeal({ title: "Of a stranger" });
  for (const dealId of [stranger.id, own, 999_999])
    await expect(choose(dealId)).rejects.toMatchObject({ code: "CONFLICT", details: { resolution: null } });
  await expect(choose(null)).rejects.toMatchObject({ code: "INVALID" });
  staff.moveDeal(other, "LOSE");
  await expect(choose(other)).rejects.toMatchObject({ code: "CONFLICT" });
  crm.portal.fail({ kind: "insufficientScope" });
  await expect(choose(other)).rejects.toMatchObject({ name: "Bitrix24Error" });
  expect((await user()).bitrix24DealId).toBe(own);
  expect(await kinds()).toEqual(["DEAL_DELETED"]);
});

test("of two people for whom one deal is chosen at once only one gets it", async () => {
  const { crm, userId, other, choose } = await start();
  const { db } = crm.services;
  const { email, phone, ...rival } = await db.user.findUniqueOrThrow({ where: { id: userId } });
  const { id } = await db.user.create({
    data: { firstName: rival.firstName, email: `rival-${email}`, phone, crmState: "SYNCED", bitrix24DealId: 7_999 },
  });
  const conflict = await db.conflict.create({ data: { kind: "DEAL_DELETED", userId: id, portalId: 7_999 } });
  const outcomes = await Promise.allSettled([
    choose(other),
    resolveConflict(crm.services, { actor: admin, conflictId: conflict.id, action: "choose", dealId: other }),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await db.user.count({ where: { bitrix24DealId: other } })).toBe(1);
});

test("a registration that resumes on a chosen deal adds nothing to it, and makes no other", async () => {
  const { crm, staff, user, userId, contactId, other, choose, entered, quiet } = await start();
  const { db, queue } = crm.services;
  await choose(other);
  await quiet();
  const before = entered();
  const resume = async () => {
    const crmLog = await db.crmLog.count();
    await db.user.update({ where: { id: userId }, data: { crmState: "PENDING" } });
    await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", userId));
    await expect.poll(() => db.crmLog.count()).toBeGreaterThan(crmLog);
  };
  await resume();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(entered()).toEqual(before);
  // The deal no longer fits the person: it is not written to, and no new one is created instead.
  staff.updateDeal(other, { contactIds: [] });
  staff.removeCommunication(contactId, (await user()).email);
  const left = entered();
  await resume();
  await expect.poll(async () => (await user()).crmError).toBe("FOREIGN_MARK");
  expect(entered()).toEqual(left);
  expect(crm.portal.deals.size).toBe(1);
  expect((await user()).bitrix24DealId).toBe(other);
});

test("a chosen deal that managers hand to a stranger is left alone", async () => {
  const { crm, staff, userId, other, choose, quiet, reconcile } = await start();
  await choose(other);
  await quiet();
  const stranger = staff.addContact({ name: "Stranger" }, { emails: ["stranger@example.com"] });
  staff.linkContacts(other, [stranger.id]);
  await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  await quiet();
  await reconcile();
  expect(crm.portal.deals.get(other)?.stageId).toBe("NEW");
});

test.each([
  ["took over our mark", true],
  ["bears no mark", false],
])("a chosen deal in roubles that %s is restored in roubles", async (_name, isMarked) => {
  const { crm, staff, userId, other, choose, quiet, reconcile, saleChanged, restore, kinds } = await start();
  staff.setRows(other, [{ productId: 1777, price: 11_920, quantity: 1 }]);
  staff.updateDeal(other, { opportunity: 11_920, ...(isMarked ? await crm.mark(userId) : {}) });
  await choose(other);
  await quiet();
  staff.setRows(other, [{ productId: 1800, price: 900, quantity: 2 }]);
  await reconcile();
  const changed = await saleChanged();
  expect(changed?.actions).toEqual(["dismiss", "restore"]);
  await restore(changed?.id);
  expect(crm.portal.deals.get(other)).toMatchObject({ currencyId: "RUB", opportunity: 11_920 });
  expect(crm.portal.rows.get(other)).toMatchObject([{ productId: 1777, price: 11_920, quantity: 1 }]);
  await reconcile();
  expect(await kinds()).toEqual([]);
});

test("a chosen deal whose currency the portal did not tell is restored in the one that it has", async () => {
  const { crm, staff, userId, other, choose, quiet, reconcile, saleChanged, restore } = await start();
  staff.setRows(other, [{ productId: 1777, price: 11_920, quantity: 1 }]);
  await choose(other);
  await quiet();
  await crm.services.db.$executeRaw`
    update "User" set "crmSale" = "crmSale" || '{"currency": ""}' where id = ${userId}`;
  staff.setRows(other, [{ productId: 1800, price: 900, quantity: 2 }]);
  await reconcile();
  await restore((await saleChanged())?.id);
  expect(crm.portal.deals.get(other)).toMatchObject({ currencyId: "RUB" });
});

test("what a chosen deal sold as free text is not offered to be restored, and nothing is put in its place", async () => {
  const { staff, other, choose, entered, quiet, reconcile, saleChanged, restore } = await start();
  await choose(other);
  await quiet();
  staff.setRows(other, [{ productId: 1800, price: 900, quantity: 2 }]);
  await reconcile();
  const changed = await saleChanged();
  expect(changed?.actions).toEqual(["dismiss"]);
  const before = entered();
  await expect(restore(changed?.id)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(entered()).toEqual(before);
});

test("a chosen deal that managers have handed to a stranger since is not restored", async () => {
  const { staff, other, choose, entered, quiet, reconcile, saleChanged, restore } = await start();
  staff.setRows(other, [{ productId: 1777, price: 11_920, quantity: 1 }]);
  await choose(other);
  await quiet();
  staff.setRows(other, [{ productId: 1800, price: 900, quantity: 2 }]);
  await reconcile();
  const changed = await saleChanged();
  staff.linkContacts(other, [staff.addContact({ name: "Stranger" }, { emails: ["stranger@example.com"] }).id]);
  const before = entered();
  await expect(restore(changed?.id)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(entered()).toEqual(before);
});

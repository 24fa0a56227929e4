import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { answerIdentity } from "../identity/answer";
import { setPaid } from "../payments/payments";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { blocked } from "../test/database";
import { admin } from "../test/factories";
import { askIdentity } from "../test/identity";
import { reconcileAll } from "../test/reconcile";
import { reconcileStep } from "./reconcile";
import { requestReconcile } from "./reconcile-runs";

async function start(people: number, env: Record<string, string> = { BITRIX24_PAID_STAGE_ID: "WON" }, clockMs = 0) {
  const crm = await startCrm({ env });
  crm.portal.advance(clockMs);
  const ids = people > 0 ? await crm.registerMany(people) : [];
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
  return { crm, ids };
}

const user = ({ services }: CrmHarness, id: number | undefined) =>
  services.db.user.findUniqueOrThrow({ where: { id: id ?? 0 } });

async function reconcile({ services }: CrmHarness) {
  expect(await reconcileAll({ services })).toEqual({ started: true });
  return services.db.reconcileRun.findFirstOrThrow({ orderBy: { id: "desc" } });
}

const open = ({ services }: CrmHarness) =>
  services.db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } });

test("a portal without changes is compared without a write, and the second reconciliation reads no deal in detail", async () => {
  const { crm } = await start(60, { BITRIX24_PAID_STAGE_ID: "WON" }, -60_000);
  const writes = () =>
    ["crm.item.add", "crm.item.update", "crm.item.productrow.set"].map((m) => crm.portal.executed.get(m));
  const before = writes();
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 60, changed: 60, repaired: 0 });
  const requests = crm.portal.requests;
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 60, changed: 0, repaired: 0 });
  // One request for the deals, one for contacts newer than the last reconciliation's.
  expect(crm.portal.requests - requests).toBeLessThanOrEqual(2);
  expect(writes()).toEqual(before);
  expect(await open(crm)).toEqual([]);
});

test("where payment moves no deal, a payment that the timeline was told of is nothing to look at", async () => {
  const { crm, ids } = await start(1, {}, -60_000);
  await setPaid(crm.services, { actor: admin, userId: ids[0] ?? 0, isPaid: true, origin: "page" });
  await expect.poll(() => crm.portal.comments.size).toBe(1);
  await reconcile(crm);
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 1, changed: 0 });
  await crm.services.db.dealSnapshot.updateMany({ data: { announcedPaid: false } });
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 1, changed: 1 });
  expect(crm.portal.comments.size).toBe(2);
});

test("payments that were missed are found: won there, and paid here while nobody listened", async () => {
  const { crm, ids } = await start(3);
  await reconcile(crm);
  const first = await user(crm, ids[0]);
  crm.portal.staff.moveDeal(first.bitrix24DealId ?? 0, "WON");
  // Written directly to the database, as if the comparison's job had been lost.
  await crm.services.db.user.update({ where: { id: ids[1] ?? 0 }, data: { isPaid: true } });
  crm.portal.staff.updateDeal((await user(crm, ids[1])).bitrix24DealId ?? 0, { comments: "touched" });
  await reconcile(crm);
  expect((await user(crm, ids[0])).isPaid).toBe(true);
  expect(crm.portal.deals.get((await user(crm, ids[1])).bitrix24DealId ?? 0)?.stageId).toBe("WON");
  expect(crm.portal.deals.get((await user(crm, ids[2])).bitrix24DealId ?? 0)?.stageId).toBe("NEW");
});

test("a move that a reconciliation could not carry out is not left to the next one", async () => {
  const { crm, ids } = await start(1);
  const { bitrix24DealId } = await user(crm, ids[0]);
  await crm.services.db.user.update({ where: { id: ids[0] ?? 0 }, data: { isPaid: true } });
  crm.portal.fail({ kind: "dropBefore", method: "crm.item.update", times: 1 });
  await reconcile(crm);
  await expect.poll(() => crm.portal.deals.get(bitrix24DealId ?? 0)?.stageId).toBe("WON");
});

test("a double that managers have removed or merged is no difference any more", async () => {
  const { crm, ids } = await start(2);
  const [first, second] = [await user(crm, ids[0]), await user(crm, ids[1])];
  const [ofFirst, ofSecond] = [await crm.mark(ids[0]), await crm.mark(ids[1])];
  const { staff } = crm.portal;
  const deal = staff.addDeal({ title: "Копия", contactId: first.bitrix24ContactId, ...ofFirst });
  const contact = staff.addContact({ name: first.firstName, ...ofFirst }, { emails: [first.email] });
  const kept = staff.addContact({ name: "Копия", ...ofSecond }, { phones: [second.phone] });
  const standing = staff.addDeal({ title: "Копия", contactId: second.bitrix24ContactId, ...ofSecond });
  await reconcile(crm);
  expect((await open(crm)).map((row) => row.portalId).sort()).toEqual(
    [deal.id, contact.id, kept.id, standing.id].sort(),
  );
  crm.portal.staff.deleteDeal(deal.id);
  crm.portal.staff.mergeContacts([first.bitrix24ContactId ?? 0, contact.id]);
  // Reversed: from here on the duplicate is the deal's contact.
  crm.portal.staff.updateDeal(second.bitrix24DealId ?? 0, { contactIds: [kept.id] });
  await reconcile(crm);
  expect((await user(crm, ids[1])).bitrix24ContactId).toBe(kept.id);
  expect((await open(crm)).map((row) => [row.kind, row.portalId])).toEqual([
    ["DUPLICATE_DEAL", standing.id],
    ["DUPLICATE_CONTACT", second.bitrix24ContactId],
  ]);
});

test("a product row that was taken away and another currency are listed, and not mended", async () => {
  const { crm, ids } = await start(2);
  const [first, second] = await Promise.all(ids.map(async (id) => (await user(crm, id)).bitrix24DealId ?? 0));
  crm.portal.staff.setRows(first ?? 0, []);
  crm.portal.staff.updateDeal(second ?? 0, { currencyId: "EUR" });
  expect((await reconcile(crm)).counts).toMatchObject({ changed: 2, repaired: 0 });
  expect(crm.portal.rows.get(first ?? 0) ?? []).toEqual([]);
  expect(crm.portal.deals.get(second ?? 0)?.currencyId).toBe("EUR");
  const conflicts = (await open(crm)).map((row) => [row.kind, row.portalId]);
  expect(conflicts).toHaveLength(2);
  expect(conflicts).toEqual(
    expect.arrayContaining([
      ["SALE_CHANGED", first],
      ["SALE_CHANGED", second],
    ]),
  );
});

test("ids that were lost come back by the mark, and nothing is made twice", async () => {
  const { crm, ids } = await start(2);
  await crm.services.db.user.update({
    where: { id: ids[0] ?? 0 },
    data: { bitrix24DealId: null, bitrix24ContactId: null, crmState: "FAILED" },
  });
  await reconcile(crm);
  await expect.poll(async () => (await user(crm, ids[0])).crmState).toBe("SYNCED");
  expect(await findFaults(crm)).toEqual([]);
});

test("a deleted deal is listed and made again on request", async () => {
  const { crm, ids } = await start(2);
  const dealId = (await user(crm, ids[0])).bitrix24DealId ?? 0;
  crm.portal.staff.deleteDeal(dealId);
  await reconcile(crm);
  const [conflict] = await open(crm);
  expect(conflict).toMatchObject({ kind: "DEAL_DELETED", userId: ids[0], portalId: dealId });
  await resolveConflict(crm.services, { actor: admin, conflictId: conflict?.id ?? 0, action: "recreate" });
  await expect.poll(async () => (await user(crm, ids[0])).crmState).toBe("SYNCED");
  expect((await user(crm, ids[0])).bitrix24DealId).not.toBe(dealId);
  expect(await findFaults(crm)).toEqual([]);
  await expect(
    resolveConflict(crm.services, { actor: admin, conflictId: conflict?.id ?? 0, action: "recreate" }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
});

test("a merged contact is followed, and a deleted one is made again and linked to the deal", async () => {
  const { crm } = await start(0);
  const older = crm.portal.staff.addContact({ name: "Имя1" }, { emails: ["elsewhere@example.com"] });
  const ids = [await crm.register(), await crm.register()];
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
  const own = (await user(crm, ids[0])).bitrix24ContactId ?? 0;
  expect(own).not.toBe(older.id);
  crm.portal.staff.mergeContacts([older.id, own]);
  await reconcile(crm);
  expect((await user(crm, ids[0])).bitrix24ContactId).toBe(older.id);

  const second = await user(crm, ids[1]);
  crm.portal.staff.deleteContact(second.bitrix24ContactId ?? 0);
  await reconcile(crm);
  const conflict = (await open(crm)).find((row) => row.kind === "CONTACT_DELETED");
  expect(conflict).toMatchObject({ userId: ids[1], portalId: second.bitrix24ContactId });
  await resolveConflict(crm.services, { actor: admin, conflictId: conflict?.id ?? 0, action: "recreate" });
  await expect.poll(async () => (await user(crm, ids[1])).crmState).toBe("SYNCED");
  const after = await user(crm, ids[1]);
  expect(after.bitrix24DealId).toBe(second.bitrix24DealId);
  expect(crm.portal.deals.get(after.bitrix24DealId ?? 0)?.contactIds).toEqual([after.bitrix24ContactId]);
});

test("doubles made by others are listed, the oldest is kept, and nothing is deleted without an administrator", async () => {
  const { crm, ids } = await start(1);
  const kept = await user(crm, ids[0]);
  const mark = await crm.mark(ids[0]);
  const deal = crm.portal.staff.addDeal({ title: "Копия", contactId: kept.bitrix24ContactId, ...mark });
  const contact = crm.portal.staff.addContact({ name: "Копия", ...mark }, { emails: [kept.email] });
  await reconcile(crm);
  const conflicts = await open(crm);
  expect(conflicts.map((row) => [row.kind, row.portalId])).toEqual([
    ["DUPLICATE_DEAL", deal.id],
    ["DUPLICATE_CONTACT", contact.id],
  ]);
  expect(crm.portal.deals.has(deal.id)).toBe(true);
  for (const { id } of conflicts)
    await resolveConflict(crm.services, { actor: admin, conflictId: id, action: "remove" });
  expect(crm.portal.deals.has(deal.id)).toBe(false);
  expect(crm.portal.contacts.has(contact.id)).toBe(false);
  expect(crm.portal.deals.has(kept.bitrix24DealId ?? 0)).toBe(true);
});

test("an external id without a valid user id does not stop a reconciliation", async () => {
  const { crm } = await start(1);
  for (const originId of ["user-2147483648", "user-9999999999", "user-2147483647"])
    crm.portal.staff.addDeal({ title: "Чужая", ...(await crm.mark(0)), originId });
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 1, repaired: 0 });
});

test("a reconciliation that is interrupted by an outage resumes from its cursor", async () => {
  const { crm } = await start(30);
  crm.portal.fail({ kind: "dropBefore", times: 3 });
  expect((await reconcile(crm)).counts).toMatchObject({ compared: 30 });
});

test("only one reconciliation runs at a time", async () => {
  // Without a worker, which might end the first one before the third is asked for.
  const crm = await startCrm();
  const starts = await Promise.all([1, 2, 3].map(() => requestReconcile(crm.services, { actor: admin })));
  expect(starts.filter(({ started }) => started)).toHaveLength(1);
});

test("a step that is under way while an administrator answers does not bring back the place where it was", async () => {
  const crm = await startCrm();
  const { db, pool } = crm.services;
  await crm.services.bitrix24.portal.assertKnown(crm.services.bitrix24.client);
  const { id } = await db.reconcileRun.create({ data: { cursor: { phase: "contacts", after: 500 } } });
  await askIdentity(db, "database", { host: new URL(crm.webhookUrl).origin });
  // The step waits for its turn to ask the portal.
  const other = await pool.connect();
  let step: Promise<boolean> | undefined;
  try {
    await other.query("begin");
    await other.query(`select 1 from "CrmPortal" where id = 1 for update`);
    step = reconcileStep(crm.services);
    await expect.poll(() => blocked(crm.database)).toBe(1);
    await answerIdentity(crm.services, { actor: admin, answer: "restored" });
  } finally {
    await other.query("rollback");
    other.release();
  }
  expect(await step).toBe(true);

  expect((await db.reconcileRun.findUniqueOrThrow({ where: { id } })).cursor).toEqual({});
  await reconcileStep(crm.services);
  const anew = await db.reconcileRun.findFirstOrThrow({ where: { finishedAt: null } });
  expect(anew.cursor).toEqual({ phase: "contacts", after: 0 });
});

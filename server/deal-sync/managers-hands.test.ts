import { expect, test } from "vitest";
import type { Staff } from "../../e2e/portal/staff";
import { resolveConflict } from "../conflicts/resolve";
import { noJobsLeft, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { requestReconcile } from "./reconcile-runs";

const workbook = { id: 1800, name: "Workbook", price: 900, currency: "RUB", active: true };

/** One person with a complete deal, on a portal that sells a second product. */
async function start() {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  crm.portal.configure({ products: [...crm.portal.settings.products, workbook] });
  // Makes the changes so far older than the time in which an equal time of change is not trusted.
  crm.portal.advance(-60_000);
  const { db } = crm.services;
  const userId = await crm.register();
  crm.newWorker().start();
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const { bitrix24DealId, bitrix24ContactId } = await user();
  const dealId = bitrix24DealId ?? 0;
  return {
    crm,
    userId,
    user,
    dealId,
    contactId: bitrix24ContactId ?? 0,
    /** What managers may have entered, as it is on the portal. */
    entered: () => structuredClone({ deal: crm.portal.deals.get(dealId), rows: crm.portal.rows.get(dealId) }),
    open: () => db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } }),
    async reconcile() {
      await reconcileAll(crm);
      // Managers act in another second than the reconciliation: within one second the portal's time of change does not
      // differ.
      crm.portal.advance(2_000);
    },
    decide: (conflictId: number | undefined, action: "dismiss" | "restore" | "recreate") =>
      resolveConflict(crm.services, { actor: admin, conflictId: conflictId ?? 0, action }),
  };
}

const row = (productId: number, price: number, quantity = 1) => ({ productId, price, quantity });

const changes: [name: string, change: (staff: Staff, dealId: number) => void, now: object][] = [
  ["sold in roubles", (staff, id) => staff.changeCurrency(id, "RUB"), { currency: "RUB" }],
  [
    "given another currency by its code alone",
    (staff, id) => staff.updateDeal(id, { currencyId: "EUR" }),
    { currency: "EUR" },
  ],
  ["given another product", (staff, id) => staff.replaceProduct(id, 1777, 1800), { rows: [{ productId: 1800 }] }],
  ["given another price", (staff, id) => staff.setRows(id, [row(1777, 39)]), { rows: [{ price: 39 }] }],
  ["given another quantity", (staff, id) => staff.setRows(id, [row(1777, 49, 3)]), { rows: [{ quantity: 3 }] }],
  ["given another amount", (staff, id) => staff.updateDeal(id, { opportunity: 30 }), { amount: 30 }],
  ["left without a product", (staff, id) => staff.setRows(id, []), { rows: [] }],
];

test.each(changes)(
  "a complete deal that was %s is listed, and no reconciliation sets it back",
  async (_name, change, now) => {
    const { crm, dealId, userId, entered, open, reconcile } = await start();
    change(crm.portal.staff, dealId);
    const before = entered();
    await reconcile();
    await reconcile();
    expect(entered()).toEqual(before);
    expect(await open()).toMatchObject([
      {
        kind: "SALE_CHANGED",
        userId,
        portalId: dealId,
        details: { now, was: { currency: "USD", amount: 49, rows: [row(1777, 49)] } },
      },
    ]);
  },
);

test.each(changes)(
  "a deal that was %s after a reconciliation without changes is listed as well, once it shows a change",
  async (_name, change) => {
    const { crm, dealId, entered, open, reconcile } = await start();
    await reconcile();
    change(crm.portal.staff, dealId);
    crm.portal.staff.updateDeal(dealId, { comments: "touched" });
    const before = entered();
    await reconcile();
    expect(entered()).toEqual(before);
    expect((await open()).map(({ kind }) => kind)).toEqual(["SALE_CHANGED"]);
  },
);

test("another product beside the registration's own is nothing to decide", async () => {
  const { crm, dealId, entered, open, reconcile } = await start();
  crm.portal.staff.setRows(dealId, [row(1777, 49), row(1800, 10, 2)]);
  crm.portal.staff.updateDeal(dealId, { opportunity: 69 });
  const before = entered();
  await reconcile();
  expect(entered()).toEqual(before);
  expect(await open()).toEqual([]);
});

test("a sale that managers set back themselves is no conflict any more", async () => {
  const { crm, dealId, open, reconcile } = await start();
  crm.portal.staff.changeCurrency(dealId, "RUB");
  await reconcile();
  expect(await open()).toHaveLength(1);
  crm.portal.staff.updateDeal(dealId, { currencyId: "USD", opportunity: 49 });
  crm.portal.staff.setRows(dealId, [row(1777, 49)]);
  await reconcile();
  expect(await open()).toEqual([]);
});

test("a sale that was left as it is is listed again when it changes again, and not before", async () => {
  const { crm, dealId, open, reconcile, decide } = await start();
  crm.portal.staff.setRows(dealId, [row(1777, 39)]);
  await reconcile();
  await decide((await open())[0]?.id, "dismiss");
  await reconcile();
  expect(await open()).toEqual([]);
  crm.portal.staff.setRows(dealId, [row(1777, 29)]);
  crm.portal.staff.updateDeal(dealId, { comments: "touched" });
  await reconcile();
  expect(await open()).toMatchObject([{ kind: "SALE_CHANGED", details: { now: { rows: [{ price: 29 }] } } }]);
});

test("an administrator may have the registration's sale set back", async () => {
  const { crm, dealId, open, reconcile, decide } = await start();
  crm.portal.staff.replaceProduct(dealId, 1777, 1800);
  crm.portal.staff.changeCurrency(dealId, "RUB");
  await reconcile();
  await decide((await open())[0]?.id, "restore");
  expect(crm.portal.deals.get(dealId)).toMatchObject({ currencyId: "USD", opportunity: 49 });
  expect(crm.portal.rows.get(dealId)).toMatchObject([row(1777, 49)]);
  await reconcile();
  expect(await open()).toEqual([]);
});

test("a deal that bears another mark by now is not set back, and one that is gone is not either", async () => {
  const { crm, dealId, entered, open, reconcile, decide } = await start();
  crm.portal.staff.changeCurrency(dealId, "RUB");
  await reconcile();
  const [conflict] = await open();
  crm.portal.staff.updateDeal(dealId, { originatorId: "shop" });
  const before = entered();
  await expect(decide(conflict?.id, "restore")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(entered()).toEqual(before);
  crm.portal.staff.deleteDeal(dealId);
  await expect(decide(conflict?.id, "restore")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await open()).toHaveLength(1);
});

test("a registration that resumes on a deal which was whole once gives it no product again", async () => {
  const { crm, user, dealId, contactId, entered, open, reconcile, decide } = await start();
  crm.portal.staff.replaceProduct(dealId, 1777, 1800);
  crm.portal.staff.deleteContact(contactId);
  await reconcile();
  const before = entered();
  await decide((await open()).find(({ kind }) => kind === "CONTACT_DELETED")?.id, "recreate");
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(entered().rows).toEqual(before.rows);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([(await user()).bitrix24ContactId]);
});

test.each<[string, { crmContactBy?: string }]>([
  ["was made here and has other values by now", {}],
  ["was linked and fits no more", { crmContactBy: "email" }],
])("a contact that only came off the deal, %s, is put back instead of being doubled", async (_name, data) => {
  const { crm, userId, user, dealId, contactId, open, reconcile, decide } = await start();
  const { staff } = crm.portal;
  await crm.services.db.user.update({ where: { id: userId }, data });
  for (const value of Object.values(await user()).filter((each) => /@|^\+7/.test(String(each))))
    staff.removeCommunication(contactId, String(value));
  const unmarked = data.crmContactBy ? { originatorId: "", originId: "" } : {};
  staff.updateContact(contactId, unmarked, { emails: ["new@example.com"], phones: ["+79160000000"] });
  staff.linkContacts(dealId, []);
  await reconcile();
  const [conflict] = await open();
  expect(conflict).toMatchObject({ kind: "CONTACT_DELETED", details: { stands: true } });
  await decide(conflict?.id, "recreate");
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(await user()).toMatchObject({ bitrix24ContactId: contactId });
  expect([...crm.portal.contacts.keys()]).toEqual([contactId]);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([contactId]);
});

test("a registration of before its sale was kept is judged by what every registration sells", async () => {
  const { crm, userId, dealId, entered, open, reconcile } = await start();
  await crm.services.db.$executeRaw`update "User" set "crmSale" = null where "id" = ${userId}`;
  crm.portal.staff.setRows(dealId, [row(1777, 39)]);
  await reconcile();
  expect(await open()).toEqual([]);
  crm.portal.staff.replaceProduct(dealId, 1777, 1800);
  crm.portal.staff.updateDeal(dealId, { comments: "touched" });
  const before = entered();
  await reconcile();
  expect(entered()).toEqual(before);
  expect(await open()).toMatchObject([{ kind: "SALE_CHANGED", details: { was: null } }]);
});

test("a product that was replaced while the answer about it was lost is not put beside the new one", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  crm.portal.configure({
    products: [...crm.portal.settings.products, workbook],
    habits: [{ act: "replaceProduct", share: 1, afterMs: 50 }],
  });
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.productrow.set", times: 1 });
  const { db } = crm.services;
  const userId = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await db.user.findUnique({ where: { id: userId } }))?.crmState).toBe("SYNCED");
  const [deal] = [...crm.portal.deals.values()];
  expect(crm.portal.rows.get(deal?.id ?? 0)).toMatchObject([{ productId: 1800 }]);
  await reconcileAll(crm);
  expect(await db.conflict.findMany()).toMatchObject([
    { kind: "SALE_CHANGED", details: { was: { rows: [row(1777, 49)] } } },
  ]);
});

test("on a portal of busy managers reconciliations write nothing, and there are no duplicates", async () => {
  const crm = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    portal: { preset: "busy-managers" },
  });
  const { db, queue } = crm.services;
  await crm.registerMany(20);
  crm.newWorker().start();
  await expect.poll(() => db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
  await crm.portal.settled();
  const stands = () =>
    structuredClone([
      [...crm.portal.contacts.values()],
      [...crm.portal.deals.values()],
      [...crm.portal.rows.entries()],
    ]);
  const before = stands();
  const quiet = async () => {
    await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
    await noJobsLeft(db);
  };
  for (let round = 0; round < 2; round++) {
    await requestReconcile(crm.services, { actor: admin });
    await quiet();
    // As events of the portal would.
    const ids = (await db.user.findMany({ select: { id: true }, orderBy: { id: "asc" } })).map(({ id }) => id);
    await db.$transaction((tx) => queue.enqueueMany(tx, "crm-payment", ids));
    await quiet();
  }
  expect(stands()).toEqual(before);
  expect(await db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
  // No record on a person's deal is offered for removal.
  const doubles = await db.conflict.findMany({ where: { kind: "DUPLICATE_CONTACT" }, include: { user: true } });
  for (const { portalId, user } of doubles)
    expect(crm.portal.deals.get(user.bitrix24DealId ?? 0)?.contactIds).not.toContain(portalId);
});

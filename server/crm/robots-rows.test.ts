import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { startCrm } from "../test/crm";
import { reconcileAll } from "../test/reconcile";

/** Products that a robot of the portal puts on a new deal within the request that makes it. */

const workbook = { productId: 1800, price: 15 };
const ours = { productId: 1777, price: 49 };

async function send(rows: { productId: number; price: number }[], fault?: FaultRule) {
  const crm = await startCrm({ portal: { limits: { bucket: 0 }, robots: [{ on: "deal", set: {}, rows }] } });
  if (fault) crm.portal.fail(fault);
  const id = await crm.register();
  crm.newWorker().start();
  const user = () => crm.services.db.user.findUniqueOrThrow({ where: { id } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const { bitrix24DealId, crmRowUncertain } = await user();
  const dealId = bitrix24DealId ?? 0;
  const sold = (crm.portal.rows.get(dealId) ?? []).map(({ productId, price }) => ({ productId, price }));
  return { crm, dealId, sold, isUncertain: crmRowUncertain };
}

async function listedSales({ crm }: Pick<Awaited<ReturnType<typeof send>>, "crm">) {
  await reconcileAll(crm);
  return crm.services.db.conflict.findMany({ where: { kind: "SALE_CHANGED", resolvedAt: null } });
}

test("what a robot has put on a new deal stays, and ours is added beside it", async () => {
  const { crm, dealId, sold } = await send([workbook]);
  expect(sold).toEqual([workbook, ours]);
  expect(crm.portal.deals.get(dealId)).toMatchObject({ opportunity: 49 });
  expect(await listedSales({ crm })).toEqual([]);
});

test("a robot's products stay also where the answer about ours is lost", async () => {
  const fault: FaultRule = { kind: "dropAfter", method: "crm.item.productrow.add", times: 1 };
  const { crm, sold, isUncertain } = await send([workbook], fault);
  expect(sold).toEqual([workbook, ours]);
  expect(isUncertain).toBe(false);
  expect(await listedSales({ crm })).toEqual([]);
});

test("where a robot puts our product alone, at a price of its own, it is sold once and at ours", async () => {
  const { crm, sold } = await send([{ productId: 1777, price: 20 }]);
  expect(sold).toEqual([ours]);
  expect(await listedSales({ crm })).toEqual([]);
});

test("our product beside others of a robot is not sold twice, and its price is listed for a decision", async () => {
  const { crm, dealId, sold } = await send([workbook, { productId: 1777, price: 20 }]);
  expect(sold).toEqual([workbook, { productId: 1777, price: 20 }]);
  expect(await listedSales({ crm })).toMatchObject([{ portalId: dealId, details: { was: { rows: [ours] } } }]);
});

test("where the rows of a new deal may be written and not read, the registration arrives", async () => {
  const fault: FaultRule = { kind: "command", method: "crm.item.productrow.list", code: "ACCESS_DENIED" };
  expect(await send([], fault)).toMatchObject({ sold: [ours] });
});

test("a portal that goes away before a new deal's rows are read gets ours later, beside the robot's", async () => {
  const fault: FaultRule = { kind: "502", method: "crm.item.productrow.list", times: 1 };
  expect(await send([workbook], fault)).toMatchObject({ sold: [workbook, ours] });
});

test("what a robot puts on every new deal stays on each, and where none does the rows are read once", async () => {
  const crm = await startCrm({ portal: { robots: [{ on: "deal", set: {}, rows: [workbook] }] } });
  crm.newWorker().start();
  const arrives = async () => {
    const id = await crm.register();
    const user = () => crm.services.db.user.findUniqueOrThrow({ where: { id } });
    await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
    return crm.portal.rows.get((await user()).bitrix24DealId ?? 0)?.map(({ productId }) => productId);
  };
  expect([await arrives(), await arrives()]).toEqual([
    [1800, 1777],
    [1800, 1777],
  ]);
  crm.portal.configure({ robots: [] });
  const reads = () => crm.portal.calls.filter(({ method }) => method === "crm.item.productrow.list").length;
  const before = reads();
  expect([await arrives(), await arrives(), await arrives()]).toEqual([[1777], [1777], [1777]]);
  expect(reads()).toBe(before + 1);
});

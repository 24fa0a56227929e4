import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { Prisma } from "../../prisma/generated/client";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { type CrmOptions, startCrm, syncAll } from "../test/crm";
import { admin } from "../test/factories";

/** What becomes of a deal whose product row may have been written, while later attempts end in other ways. */

const set = "crm.item.productrow.set";
const workbook = { id: 1800, name: "Workbook", price: 49, currency: "USD", active: true };
const lost: FaultRule = { kind: "dropAfter", method: set, times: 1 };

async function start(options: CrmOptions, faults: FaultRule[]) {
  const crm = await startCrm(options);
  crm.portal.configure({ products: [...crm.portal.settings.products, workbook] });
  for (const fault of faults) crm.portal.fail(fault);
  const id = await crm.register();
  return { crm, user: () => crm.services.db.user.findUniqueOrThrow({ where: { id } }) };
}

/** A portal on which a manager replaces each product at once. */
const busy: CrmOptions = { portal: { habits: [{ act: "replaceProduct", share: 1, afterMs: 50 }] } };

test.each<[string, FaultRule[]]>([
  [
    "while the next attempt fails at the deal's products",
    [lost, { kind: "command", method: "crm.item.productrow.list", code: "LATER", once: set, times: 1 }],
  ],
  ["where a web page came in its place", [{ kind: "html", method: set, executed: true, times: 1 }]],
  ["while the next attempt meets a web page", [lost, { kind: "html", method: "crm.item.list", once: set, times: 1 }]],
])("after a lost answer about the product nothing is put beside a manager's, %s", async (_name, faults) => {
  const { crm, user } = await start(busy, faults);
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const { bitrix24DealId, crmRowUncertain } = await user();
  expect(crm.portal.rows.get(bitrix24DealId ?? 0)).toMatchObject([{ productId: 1800 }]);
  expect(crmRowUncertain).toBe(false);
});

test("a worker that starts anew after a lost answer about the product puts nothing beside a manager's", async () => {
  const { crm, user } = await start(busy, [lost]);
  const remove = crm.portal.fail({ kind: "command", method: "crm.item.productrow.list", code: "LATER" });
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(async () => (await user()).crmError).toBe("LATER");
  await worker.stop();
  expect((await user()).crmInFlightUntil).toBeNull();
  remove();
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(crm.portal.rows.get((await user()).bitrix24DealId ?? 0)).toMatchObject([{ productId: 1800 }]);
});

/** A complete registration, as the row was before it was sent: what a database knows that was put back. */
async function startPutBack() {
  const { crm, user } = await start({}, []);
  await syncAll(crm);
  const { id, bitrix24DealId } = await user();
  const { db } = crm.services;
  await db.user.update({
    where: { id },
    data: {
      crmState: "PENDING",
      bitrix24ContactId: null,
      bitrix24DealId: null,
      crmSale: Prisma.DbNull,
      crmProduct: Prisma.DbNull,
      crmSyncedAt: null,
    },
  });
  await db.dealSnapshot.deleteMany();
  crm.portal.staff.replaceProduct(bitrix24DealId ?? 0, 1777, 1800);
  return { crm, user, id, dealId: bitrix24DealId ?? 0 };
}

test("a deal of before the database was put back keeps what managers sell on it", async () => {
  const { crm, user, id, dealId } = await startPutBack();
  crm.portal.fail({ kind: "command", method: "crm.item.productrow.list", code: "LATER", times: 1 });
  await crm.services.queue.ensure("crm-registration", [id], 0);
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(await user()).toMatchObject({ bitrix24DealId: dealId });
  expect(crm.portal.rows.get(dealId)).toMatchObject([{ productId: 1800 }]);
});

test("a deal of before the database was put back keeps what managers sell on it, also where the comparison finds it first", async () => {
  const { crm, user, dealId } = await startPutBack();
  await crm.services.db.crmLog.deleteMany();
  await requestReconcile(crm.services, { actor: admin });
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  expect(await user()).toMatchObject({ bitrix24DealId: dealId });
  expect(crm.portal.rows.get(dealId)).toMatchObject([{ productId: 1800 }]);
});

test("a portal that keeps another product is not believed to have kept ours because an outage came between", async () => {
  const variation = { id: 1778, name: "Course, evenings", price: 49, currency: "USD", active: true } as const;
  const { crm, user } = await start(
    {
      env: { BITRIX24_PRICE_USD: "49", BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" },
      portal: {
        switches: { parentRows: "variation" },
        products: [
          { id: 1777, name: "Course", price: 0, currency: "USD", active: true, kind: "parent" },
          { ...variation, kind: "variation", parentId: 1777 },
        ],
      },
    },
    [{ kind: "502", method: "crm.item.list", once: set, times: 1 }],
  );
  crm.newWorker().start();
  await expect.poll(async () => (await user()).crmState).toBe("FAILED");
  expect(await user()).toMatchObject({ crmError: "PRODUCT_REPLACED", crmRowUncertain: false });
  expect(await crm.services.db.crmLog.count({ where: { code: "HTTP_502" } })).toBeGreaterThan(0);
});

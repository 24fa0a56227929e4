import { expect, test } from "vitest";
import { type CrmHarness, type CrmOptions, startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

/** A portal that replaces the product with its first variation, by the option of the stand-in. */
const replacing: CrmOptions = {
  env: { BITRIX24_PRICE_USD: "49", BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" },
  portal: {
    limits: { bucket: 0 },
    switches: { parentRows: "variation" },
    products: [
      { id: 1777, name: "Course", price: 0, currency: "USD", active: true, kind: "parent" },
      {
        id: 1778,
        name: "Course, evenings",
        price: 49,
        currency: "USD",
        active: true,
        kind: "variation",
        parentId: 1777,
      },
      { id: 1800, name: "Workbook", price: 49, currency: "USD", active: true },
      { id: 1801, name: "Pen", price: 3, currency: "USD", active: true },
    ],
  },
};

const products = ({ portal }: CrmHarness, dealId: number | null) =>
  (portal.rows.get(dealId ?? 0) ?? []).map(({ productId }) => productId);

/** A deal without our row yet, to which managers add these rows. */
async function withRows(crm: CrmHarness, rows: { productId: number; price: number; quantity: number }[]) {
  crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "LATER", times: 1 });
  const remove = crm.portal.fail({ kind: "command", method: "crm.item.productrow.list", code: "LATER" });
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).bitrix24DealId).not.toBeNull();
  const { bitrix24DealId } = await userOf(crm, id);
  await expect.poll(() => crm.services.db.crmLog.count({ where: { userId: id, code: "LATER" } })).toBeGreaterThan(0);
  crm.portal.staff.setRows(bitrix24DealId ?? 0, rows);
  remove();
  return { id, dealId: bitrix24DealId };
}

test("a portal that keeps another product in a row is given one row, not one at each attempt", async () => {
  const crm = await startCrm(replacing);
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  const { bitrix24DealId, crmError } = await userOf(crm, id);
  expect(crmError).toBe("PRODUCT_REPLACED");
  expect(products(crm, bitrix24DealId)).toEqual([1778]);
});

test.each([
  ["at our price", [{ productId: 1801, price: 3, quantity: 1 }], {}],
  ["at a price of its own", [{ productId: 1801, price: 3, quantity: 1 }], { BITRIX24_PRICE_USD: "50" }],
])(
  "beside managers' rows the portal's other product %s is added a few times at most, and they stay",
  async (_name, rows, env) => {
    const crm = await startCrm({ ...replacing, env: { ...replacing.env, ...env } });
    const { id, dealId } = await withRows(crm, rows);
    await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
    expect((await userOf(crm, id)).crmError).toBe("PRODUCT_REPLACED");
    const stand = products(crm, dealId);
    expect(stand[0]).toBe(1801);
    expect(stand.slice(1).every((productId) => productId === 1778)).toBe(true);
    expect(stand.length).toBeLessThanOrEqual(3);
  },
);

test("managers' row at our very price is no row of ours, and stays beside it", async () => {
  const crm = await startCrm({
    env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" },
    portal: { limits: { bucket: 0 } },
  });
  const { id, dealId } = await withRows(crm, [{ productId: 1800, price: 49, quantity: 1 }]);
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");
  expect(products(crm, dealId)).toEqual([1800, 1777]);
});

test("a product row behind the first fifty of a deal is found and not added again", async () => {
  const crm = await startCrm({
    env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" },
    portal: { limits: { bucket: 0 } },
  });
  const many = Array.from({ length: 120 }, (_, index) => ({ productId: 1900 + index, price: 1, quantity: 1 }));
  const { id, dealId } = await withRows(crm, [...many, { productId: 1777, price: 49, quantity: 1 }]);
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");
  expect(products(crm, dealId).filter((productId) => productId === 1777)).toHaveLength(1);
  expect(products(crm, dealId)).toHaveLength(121);
});

const ordinary: CrmOptions = {
  env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1", BITRIX24_PRICE_USD: "49" },
  portal: { limits: { bucket: 0 } },
};

/** What a reconciliation lists about sales. */
async function listedSales({ services }: CrmHarness) {
  await reconcileAll({ services });
  return services.db.conflict.findMany({ where: { kind: "SALE_CHANGED", resolvedAt: null } });
}

test("a row that the portal stores at another price than was sent is listed for a decision", async () => {
  const crm = await startCrm({
    ...ordinary,
    gateway: {
      request: (method, body) =>
        method.endsWith("productrow.set") ? body.replace('"price":49', '"price":9') : undefined,
    },
  });
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");
  const { bitrix24DealId } = await userOf(crm, id);
  expect(crm.portal.rows.get(bitrix24DealId ?? 0)).toMatchObject([{ productId: 1777, price: 9 }]);
  expect(await listedSales(crm)).toMatchObject([
    {
      portalId: bitrix24DealId,
      details: { now: { rows: [{ price: 9 }] }, was: { rows: [{ productId: 1777, price: 49 }] } },
    },
  ]);
});

test("a row that was set once more in place of a replaced one is all that the registration sold", async () => {
  const crm = await startCrm(replacing);
  const id = await crm.register();
  const worker = crm.newWorker();
  worker.start();
  await expect
    .poll(() => crm.services.db.crmLog.count({ where: { userId: id, code: "PRODUCT_REPLACED" } }))
    .toBeGreaterThan(0);
  crm.portal.configure({ switches: { parentRows: "stored" } });
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");
  expect(products(crm, (await userOf(crm, id)).bitrix24DealId)).toEqual([1777]);
  expect(await listedSales(crm)).toEqual([]);
});

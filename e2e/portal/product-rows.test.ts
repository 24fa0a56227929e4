import { expect, test } from "vitest";
import { callBatch, callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const set = (portal: Portal, productRows: object[], ownerId = 7001) =>
  callPortal(portal, "crm.item.productrow.set", { ownerType: "D", ownerId, productRows });

function portalWithDeal(fields: Record<string, string | number> = {}): Portal {
  const portal = createPortal();
  portal.staff.addDeal({ title: "T", currencyId: "USD", ...fields });
  return portal;
}

test("setting rows replaces all of them, and no rows empties the deal", async () => {
  const portal = portalWithDeal();
  await set(portal, [
    { productId: 1777, price: 49 },
    { productName: "Gift", price: 1 },
  ]);
  await set(portal, [{ productId: 1777, price: 39, quantity: 2 }]);
  expect(portal.rows.get(7001)).toMatchObject([
    { productId: 1777, productName: "Online course", price: 39, quantity: 2 },
  ]);
  await set(portal, []);
  expect(portal.rows.has(7001)).toBe(false);
});

test("the older method empties the deal when its rows are missing or no list, and reports success", async () => {
  const portal = portalWithDeal();
  for (const rows of [undefined, "1777", []]) {
    await set(portal, [{ productId: 1777, price: 49 }]);
    expect((await callPortal(portal, "crm.deal.productrows.set", { id: 7001, rows })).body.result).toBe(true);
    expect(portal.rows.has(7001)).toBe(false);
  }
});

test("the price sent overrides the catalog, and a row may be text alone", async () => {
  const portal = portalWithDeal();
  const { body } = await set(portal, [
    { productId: 1777, price: 10 },
    { productId: 0, productName: "Gift", price: 5 },
  ]);
  expect(body.result).toMatchObject({
    productRows: [
      { productId: 1777, price: 10, ownerType: "D", ownerId: 7001 },
      { productId: 0, productName: "Gift" },
    ],
  });
});

test("prices without tax and discount follow from the final one, cent by cent", async () => {
  const portal = portalWithDeal();
  const row = { price: 80000, quantity: 1, discountTypeId: 2, discountRate: 20, taxRate: 20, taxIncluded: "N" };
  const { body } = await set(portal, [row]);
  expect(body.result).toMatchObject({
    productRows: [{ priceExclusive: 66666.67, priceNetto: 83333.34, priceBrutto: 100000.01, discountSum: 16666.67 }],
  });
});

test("an absolute discount is taken off the price without tax", async () => {
  const portal = portalWithDeal();
  const { body } = await set(portal, [{ price: 90, discountTypeId: 1, discountSum: 10 }]);
  expect(body.result).toMatchObject({ productRows: [{ priceNetto: 100, discountSum: 10, discountRate: 10 }] });
});

test.each([
  [{ price: 1, discountTypeId: 2 }],
  [{ price: 1, discountTypeId: 1 }],
  [{ price: 1, discountTypeId: 2, discountRate: 100 }],
])("the incomplete discount %j is refused", async (row) => {
  const portal = portalWithDeal();
  expect(await set(portal, [row])).toMatchObject({ status: 400, body: { error: "ERROR_CORE" } });
});

test("the amount follows the rows until it is fixed by hand", async () => {
  const portal = portalWithDeal({ opportunity: 5 });
  await set(portal, [{ price: 49.5, quantity: 2 }]);
  expect(portal.deals.get(7001)?.opportunity).toBe(99);
  const fields = { opportunity: 10, isManualOpportunity: "Y" };
  await callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields });
  await set(portal, [{ price: 1 }]);
  expect(portal.deals.get(7001)?.opportunity).toBe(10);
  const follow = { isManualOpportunity: "N" };
  await callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields: follow });
  expect(portal.deals.get(7001)?.opportunity).toBe(1);
});

test("some portals leave the amount alone when rows are set", async () => {
  const portal = portalWithDeal({ opportunity: 5 });
  portal.configure({ switches: { recomputeOpportunity: false } });
  await set(portal, [{ price: 49, taxRate: 20 }]);
  expect(portal.deals.get(7001)).toMatchObject({ opportunity: 5, taxValue: 8.17 });
});

test("money has two decimals in the older family and is a number in the newer", async () => {
  const portal = portalWithDeal({ opportunity: 49.5 });
  const older = await callPortal(portal, "crm.deal.get", { id: 7001 });
  expect(older.body.result).toMatchObject({ OPPORTUNITY: "49.50", TAX_VALUE: "0.00" });
  const newer = await callPortal(portal, "crm.item.get", { entityTypeId: 2, id: 7001 });
  expect(newer.body.result).toMatchObject({ item: { opportunity: 49.5, taxValue: 0 } });
});

test("the account price uses the rate of the moment", async () => {
  const portal = portalWithDeal();
  await set(portal, [{ price: 49 }]);
  expect(portal.rows.get(7001)?.[0]?.priceAccount).toBe(49 * 90);
});

test("rows are listed only by owner and type together", async () => {
  const portal = portalWithDeal();
  await set(portal, [{ productId: 1777, price: 49 }]);
  const list = (filter: object) => callPortal(portal, "crm.item.productrow.list", { filter });
  expect((await list({ "=ownerType": "D", "=ownerId": 7001 })).body).toMatchObject({ total: 1 });
  expect((await list({ "=ownerId": 7001 })).body.error).toBe("INVALID_ARG_VALUE");
});

test.each([
  [{ productId: 1777 }, { id: "asc" }, ["Course", "Course again"]],
  [{ "%productName": "AGAIN" }, {}, ["Course again"]],
  [{ ">=price": 20, "!=quantity": 2 }, { price: "DESC" }, ["Course", "Gift"]],
  [{ "!productId": [1777] }, {}, ["Gift"]],
  [{ taxRate: 20, taxIncluded: "Y" }, {}, []],
  [{}, { quantity: "desc", price: "asc" }, ["Course again", "Gift", "Course"]],
])("rows of one deal are found by %j in the order %j", async (filter, order, expected) => {
  const portal = portalWithDeal();
  await set(portal, [
    { productId: 1777, productName: "Course", price: 49 },
    { productName: "Gift", price: 20 },
    { productId: 1777, productName: "Course again", price: 30, quantity: 2, taxRate: 20 },
  ]);
  const sent = { filter: { "=ownerType": "D", "=ownerId": 7001, ...filter }, order };
  const { body } = await callPortal(portal, "crm.item.productrow.list", sent);
  const { productRows } = body.result as { productRows: { productName: string }[] };
  expect([productRows.map(({ productName }) => productName), body.total]).toEqual([expected, expected.length]);
});

test("rows are neither found nor sorted by a field that they do not have", async () => {
  const portal = portalWithDeal();
  const owner = { "=ownerType": "D", "=ownerId": 7001 };
  for (const sent of [{ filter: { ...owner, nothing: 1 } }, { filter: owner, order: { nothing: "asc" } }]) {
    const answer = await callPortal(portal, "crm.item.productrow.list", sent);
    expect(answer).toMatchObject({ status: 400, body: { error: "INVALID_ARG_VALUE" } });
    expect(answer.body.error_description).toContain("'nothing'");
  }
});

test("a page of rows begins at a multiple of fifty, and none is counted from -1 on", async () => {
  const portal = portalWithDeal();
  await set(
    portal,
    Array.from({ length: 60 }, (_, index) => ({ productName: `Row ${index}`, price: 1 })),
  );
  const page = async (start: number) => {
    const filter = { "=ownerType": "D", "=ownerId": 7001 };
    const sent = { filter, order: { id: "asc" }, start };
    const { body } = await callPortal(portal, "crm.item.productrow.list", sent);
    const { productRows } = body.result as { productRows: { productName: string }[] };
    return [productRows[0]?.productName, productRows.length, body.total, body.next];
  };
  expect(await page(55)).toEqual(["Row 50", 10, 60, undefined]);
  expect(await page(-1)).toEqual(["Row 0", 50, undefined, undefined]);
});

test("single rows can be added, changed and removed", async () => {
  const portal = portalWithDeal();
  const fields = { ownerType: "D", ownerId: 7001, productId: 1777, price: 49 };
  const { body } = await callPortal(portal, "crm.item.productrow.add", { fields });
  const { id } = (body.result as { productRow: { id: number } }).productRow;
  await callPortal(portal, "crm.item.productrow.update", { id, fields: { quantity: 3 } });
  expect(portal.rows.get(7001)).toMatchObject([{ id, price: 49, quantity: 3 }]);
  expect(portal.deals.get(7001)?.opportunity).toBe(147);
  await callPortal(portal, "crm.item.productrow.delete", { id });
  expect(portal.rows.has(7001)).toBe(false);
  expect((await callPortal(portal, "crm.item.productrow.get", { id })).body.error).toBe("NOT_FOUND");
});

test("rows of a deal that is not there, or of another kind of owner, are refused", async () => {
  const portal = portalWithDeal();
  expect((await set(portal, [], 1)).body.error).toBe("OWNER_NOT_FOUND");
  const lead = { ownerType: "L", ownerId: 7001, productRows: [] };
  expect((await callPortal(portal, "crm.item.productrow.set", lead)).body.error).toBe("ENTITY_TYPE_NOT_SUPPORTED");
  const older = await callPortal(portal, "crm.deal.productrows.set", { id: 1, rows: [] });
  expect(older.body).toEqual({ error: "", error_description: "Not found." });
});

test("the same rows again count as a write that changed nothing", async () => {
  const portal = portalWithDeal();
  await set(portal, [{ productId: 1777, price: 49 }]);
  await set(portal, [{ productId: 1777, price: 49 }]);
  expect(portal.idleWrites).toBe(1);
});

test("rows arrive through a batch, where all values are text", async () => {
  const portal = portalWithDeal();
  const row = "productRows[0][productId]=1777&productRows[0][price]=49&productRows[0][quantity]=1";
  const { result } = await callBatch(portal, { r: `crm.item.productrow.set?ownerType=D&ownerId=7001&${row}` });
  expect(result.r).toMatchObject({ productRows: [{ productId: 1777, price: 49, quantity: 1 }] });
});

test("the older rows mix text and numbers", async () => {
  const portal = portalWithDeal();
  await callPortal(portal, "crm.deal.productrows.set", { id: 7001, rows: [{ PRODUCT_ID: "1777", PRICE: "49" }] });
  const { body } = await callPortal(portal, "crm.deal.productrows.get", { id: 7001 });
  expect(body.result).toMatchObject([
    { ID: expect.any(String), OWNER_ID: "7001", PRODUCT_ID: 1777, PRICE: 49, PRICE_ACCOUNT: "4410.00", TAX_RATE: null },
  ]);
});

test("pages of many rows are only sure to be whole in an order that is asked for", async () => {
  const portal = portalWithDeal();
  await set(
    portal,
    Array.from({ length: 120 }, (_, index) => ({ productName: `Row ${index}`, price: 1 })),
  );
  const read = async (order: object) => {
    const pages = await Promise.all(
      [0, 50, 100].map((start) =>
        callPortal(portal, "crm.item.productrow.list", {
          filter: { "=ownerType": "D", "=ownerId": 7001 },
          ...order,
          start,
        }),
      ),
    );
    const ids = pages.flatMap(({ body }) => (body.result as { productRows: { id: number }[] }).productRows);
    return new Set(ids.map(({ id }) => id)).size;
  };
  expect(await read({})).toBeLessThan(120);
  expect(await read({ order: { id: "asc" } })).toBe(120);
  expect(await read({ order: { id: "DESC" } })).toBe(120);
});

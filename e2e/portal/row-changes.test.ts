import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const book = { id: 1800, name: "Book", price: 900, currency: "RUB", active: true };

/** A deal with a course in row 11 and a gift in row 12. */
async function sold(): Promise<Portal> {
  const portal = createPortal();
  portal.configure({ products: [...portal.settings.products, book] });
  portal.staff.addDeal({ title: "T", currencyId: "USD" });
  await set(portal, [
    { productId: 1777, price: 49 },
    { productName: "Gift", price: 1 },
  ]);
  return portal;
}

const set = (portal: Portal, productRows: object[]) =>
  callPortal(portal, "crm.item.productrow.set", { ownerType: "D", ownerId: 7001, productRows });
const update = (portal: Portal, fields: object | undefined, id = 11) =>
  callPortal(portal, "crm.item.productrow.update", { id, fields });
const rows = (portal: Portal) => portal.rows.get(7001) ?? [];
const ids = (portal: Portal) => rows(portal).map(({ id }) => id);

test("a row that is set with its number keeps it, and one with a number of elsewhere, or a second time, is a new one", async () => {
  const portal = await sold();
  portal.staff.addDeal({ title: "Other" });
  portal.staff.setRows(7002, [{ productId: 1777, price: 49 }]);
  const elsewhere = portal.rows.get(7002)?.[0]?.id ?? 0;
  const sent = [
    { id: 12, productName: "Gift", price: 2 },
    { id: elsewhere, productName: "Other deal's", price: 3 },
    { id: 12, productName: "Twice", price: 4 },
    { productName: "New", price: 5 },
  ];
  await set(portal, sent);
  expect(ids(portal)).toEqual([12, 14, 15, 16]);
  expect(rows(portal).map(({ price }) => price)).toEqual([2, 3, 4, 5]);
  expect(portal.rows.get(7002)?.map(({ id }) => id)).toEqual([elsewhere]);
});

test("rows that are sent back as they were read change nothing", async () => {
  const portal = await sold();
  await callPortal(portal, "crm.deal.productrows.set", {
    id: 7001,
    rows: [{ PRODUCT_NAME: "Flour", PRICE: 2, MEASURE_CODE: 166, MEASURE_NAME: "kilo", XML_ID: "basket-1" }],
  });
  const before = structuredClone(rows(portal));
  const filter = { "=ownerType": "D", "=ownerId": 7001 };
  const { body } = await callPortal(portal, "crm.item.productrow.list", { filter });
  await set(portal, (body.result as { productRows: object[] }).productRows);
  expect(rows(portal)).toEqual(before);
  expect(portal.idleWrites).toBe(1);
});

test("what the portal works out by itself is ignored where it is sent", async () => {
  const portal = await sold();
  const products = [...portal.settings.products, { ...book, id: 1801, kind: "service" as const }];
  portal.configure({ products });
  const own = { id: 99, xmlId: "mine", type: 4, measureName: "boxes", customized: "N", priceNetto: 5 };
  await set(portal, [{ ...own, productId: 1777, price: 49 }]);
  const fields = { ...own, ownerType: "D", ownerId: 7001, productId: 1801, price: 9, measureCode: 166 };
  await callPortal(portal, "crm.item.productrow.add", { fields });
  await update(portal, { ...own, price: 10 }, ids(portal)[1]);
  expect(rows(portal)).toMatchObject([
    { id: 13, xmlId: "", type: 1, measureName: "pcs", customized: "Y", priceNetto: 49 },
    { id: 14, xmlId: "", type: 7, measureName: "kg", customized: "Y", priceNetto: 10 },
  ]);
});

test("a row that gets another product gets its name, unless one is sent, and keeps its price", async () => {
  const portal = await sold();
  await update(portal, { productId: 1800 });
  expect(rows(portal)[0]).toMatchObject({ productId: 1800, productName: "Book", price: 49 });
  await update(portal, { productId: 1777, productName: "Course by hand" });
  await update(portal, { productId: 1777, quantity: 2 });
  expect(rows(portal)[0]).toMatchObject({ productId: 1777, productName: "Course by hand", quantity: 2 });
});

test("an update without any field changes nothing, one without a field that can be set is refused", async () => {
  const portal = await sold();
  const before = structuredClone(rows(portal));
  const answer = await update(portal, {});
  expect([answer.status, answer.body.result]).toEqual([200, null]);
  for (const fields of [{ type: 4, xmlId: "mine" }, { nothing: 1 }, { id: 12, storeId: 1, priceNetto: 5 }])
    expect(await update(portal, fields)).toMatchObject({ status: 400, body: { error: "INVALID_ARG_VALUE" } });
  expect(await update(portal, { ownerId: 1, measureName: "boxes" })).toMatchObject({ status: 200 });
  expect(await update(portal, undefined)).toMatchObject({ status: 400, body: { error: 100 } });
  expect(rows(portal)).toEqual(before);
});

test("a row whose product is no longer sold can be changed and converted, but not sold anew", async () => {
  const portal = await sold();
  portal.configure({ products: [book], unknown: { product: "refused" } });
  expect(await update(portal, { quantity: 2 })).toMatchObject({ status: 200 });
  portal.staff.changeCurrency(7001, "RUB");
  expect(rows(portal)[0]).toMatchObject({ productId: 1777, productName: "Online course", quantity: 2, price: 4410 });
  expect(await update(portal, { productId: 1777 })).toMatchObject({
    status: 400,
    body: { error: "INVALID_ARG_VALUE" },
  });
});

test("an unknown product is refused by every method, where the portal refuses any, and leaves the rows as they were", async () => {
  const portal = await sold();
  portal.configure({ unknown: { product: "refused" } });
  const before = structuredClone(rows(portal));
  const refused = { status: 400, body: { error: "INVALID_ARG_VALUE" } };
  const row = { productId: 5, price: 1 };
  expect(await set(portal, [{ productName: "Gift", price: 1 }, row])).toMatchObject(refused);
  expect(await update(portal, row)).toMatchObject(refused);
  const fields = { ...row, ownerType: "D", ownerId: 7001 };
  expect(await callPortal(portal, "crm.item.productrow.add", { fields })).toMatchObject(refused);
  expect(rows(portal)).toEqual(before);
});

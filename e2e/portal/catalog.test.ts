import { expect, test } from "vitest";
import type { Product } from "./administration";
import { callPortal } from "./call-portal";
import { createPortal } from "./portal";

const shop: Product[] = [
  { id: 1777, name: "Course", price: 49, currency: "USD", active: true, kind: "parent" },
  { id: 1778, name: "Course, mornings", price: 49, currency: "USD", active: true, kind: "variation", parentId: 1777 },
  { id: 1779, name: "Course, evenings", price: 59, currency: "USD", active: true, kind: "variation", parentId: 1777 },
  { id: 1780, name: "Old course", price: 20, currency: "USD", active: false },
  { id: 1781, name: "Secret course", price: 90, currency: "USD", active: true, unreadable: true },
  {
    id: 1782,
    name: "Book",
    price: 0,
    currency: "USD",
    active: true,
    kind: "service",
    prices: [
      { type: 1, price: 15, currency: "USD" },
      { type: 2, price: 10, currency: "USD" },
      { type: 2, price: 900, currency: "RUB" },
    ],
  },
];
const priceTypes = [
  { id: 1, name: "WHOLESALE" },
  { id: 2, name: "BASE", base: true },
];
const options = { products: shop, priceTypes };

async function call(method: string, params: object = {}) {
  return (await callPortal(createPortal(options), method, params)).body;
}

test.each([
  [1777, { type: 3, active: "Y", available: "N", iblockId: 15 }],
  [1778, { type: 4, iblockId: 16, parentId: { value: "1777" } }],
  [1780, { type: 1, active: "N", available: "N" }],
  [1782, { type: 7 }],
])("product %i is described with its kind and whether it is sold", async (id, product) => {
  expect(await call("catalog.product.get", { id })).toMatchObject({ result: { product: { id, ...product } } });
});

test("a catalogue is listed in pages of 50", async () => {
  const products = Array.from({ length: 70 }, (_, index) => ({ ...(shop[3] as Product), id: 2000 + index }));
  const portal = createPortal({ products });
  const list = async (start: number) => {
    const params = { select: ["id", "iblockId"], filter: { iblockId: 15 }, start };
    const { body } = await callPortal(portal, "catalog.product.list", params);
    const { products: page } = body.result as { products: { id: number }[] };
    return { ids: [page[0]?.id, page.at(-1)?.id], next: body.next, total: body.total };
  };
  expect(await list(0)).toEqual({ ids: [2000, 2049], next: 50, total: 70 });
  expect(await list(50)).toEqual({ ids: [2050, 2069], next: undefined, total: 70 });
});

test("a parent whose variations are gone is of a kind of its own", async () => {
  const portal = createPortal({ products: shop.filter(({ kind }) => kind !== "variation") });
  const { body } = await callPortal(portal, "catalog.product.get", { id: 1777 });
  expect(body.result).toMatchObject({ product: { type: 6, available: "N" } });
});

test("variations are found by the catalogue of variations and by their parent", async () => {
  const catalogs = await call("catalog.catalog.list");
  expect(catalogs.result).toMatchObject({ catalogs: [{ iblockId: 15 }, { iblockId: 16, productIblockId: 15 }] });
  const select = ["id", "iblockId"];
  const offers = await call("catalog.product.offer.list", { select, filter: { iblockId: 16, parentId: 1777 } });
  expect(offers.result).toMatchObject({ offers: [{ id: 1778 }, { id: 1779 }] });
  const products = await call("catalog.product.list", { select, filter: { iblockId: 15 } });
  expect(products.result).toMatchObject({ products: [{ id: 1777 }, { id: 1780 }, { id: 1782 }] });
  expect(await call("catalog.product.sku.get", { id: 1777 })).toMatchObject({ result: { sku: { type: 3 } } });
  expect(await call("catalog.product.offer.get", { id: 1778 })).toMatchObject({ result: { offer: { type: 4 } } });
  expect((await call("catalog.product.offer.get", { id: 1777 })).error).toBe(0);
  expect((await call("crm.product.get", { id: 1778 })).error).toBe("");
});

test("a parent has no price, a variation has one, and others have one of each type", async () => {
  const prices = async (productId: number) =>
    ((await call("catalog.price.list", { filter: { productId } })).result as { prices: object[] }).prices;
  expect(await prices(1777)).toEqual([]);
  expect(await prices(1778)).toMatchObject([{ catalogGroupId: 2, price: 49 }]);
  const all = await prices(1782);
  expect(all).toMatchObject([{ catalogGroupId: 1 }, { catalogGroupId: 2 }, { catalogGroupId: 2, currency: "RUB" }]);
  expect((await call("catalog.priceType.list")).result).toMatchObject({
    priceTypes: [
      { id: 1, base: "N" },
      { id: 2, base: "Y" },
    ],
  });
  expect((await call("crm.product.get", { id: 1782 })).result).toMatchObject({ PRICE: "10.00", CURRENCY_ID: "USD" });
  expect((await call("crm.product.get", { id: 1777 })).result).toMatchObject({ PRICE: null });
});

test("a product that may not be read is refused by its id and absent from lists", async () => {
  expect((await call("catalog.product.get", { id: 1781 })).error).toBe(200040300040);
  expect((await call("catalog.price.list", { filter: { productId: 1781 } })).result).toEqual({ prices: [] });
  expect((await call("crm.product.get", { id: 1781 })).error).toBe("");
});

const select = ["id", "iblockId", "name"];

test.each([
  ["catalog.product.list", { iblockId: 15, "%name": "COURSE" }, { name: "asc" }, [1777, 1780]],
  ["catalog.product.list", { iblockId: 15, "!=active": "N", ">id": 1777 }, {}, [1782]],
  ["catalog.product.list", { iblockId: 15, type: [1, 7] }, { id: "DESC" }, [1782, 1780]],
  ["catalog.product.list", { iblockId: 15, nothing: 1 }, { id: "desc" }, [1782, 1780, 1777]],
  ["catalog.product.list", { iblockId: 16 }, {}, []],
  ["catalog.product.offer.list", { iblockId: 16, "=parentId": 1777, "=%name": "%evenings" }, {}, [1779]],
  ["catalog.product.offer.list", { iblockId: 16, parentId: 9 }, {}, []],
  ["catalog.product.sku.list", { iblockId: 15, "@id": [1777, 1780] }, {}, [1777]],
] as const)("%s heeds the filter %j and the order %j", async (method, filter, order, ids) => {
  const { result, total } = await call(method, { select, filter, order });
  const [entries = []] = Object.values(result as Record<string, { id: number }[]>);
  expect([entries.map(({ id }) => id), total]).toEqual([ids, ids.length]);
});

test.each([
  [{ productId: 1782, catalogGroupId: 2 }, [10, 900]],
  [{ "=productId": 1782, currency: "RUB" }, [900]],
  [{ "@productId": [1778, 1779], ">=price": 50 }, [59]],
  [{ "!productId": [1778, 1779, 1780], "<price": 15.5 }, [10, 15]],
])("prices are found by %j, and listed in the order asked for", async (filter, expected) => {
  const { result } = await call("catalog.price.list", { filter, order: { price: "ASC" }, select: ["price"] });
  expect(result).toEqual({ prices: expected.map((price) => ({ price })) });
});

test.each([
  [{ ID: [1777, 1778] }, { ID: "1777" }],
  [{ "%NAME": "old" }, { ID: "1780" }],
  [{ ">PRICE": 9, ACTIVE: "Y" }, { ID: "1782" }],
])("crm.product.list finds by %j, without variations", async (filter, product) => {
  const { result, total } = await call("crm.product.list", { filter, select: ["ID"] });
  expect([result, total]).toEqual([[product], 1]);
});

test("the lists of a catalogue have pages of 50, and count nothing from -1 on", async () => {
  const products = Array.from({ length: 70 }, (_, index) => ({ ...(shop[3] as Product), id: 2000 + index }));
  const portal = createPortal({ products });
  const size = async (method: string, start: number) => {
    const { body } = await callPortal(portal, method, { select, filter: { iblockId: 15 }, start });
    const entries = Array.isArray(body.result) ? body.result : Object.values(body.result as object)[0];
    return [(entries as unknown[]).length, body.total, body.next];
  };
  for (const method of ["catalog.product.list", "catalog.price.list", "crm.product.list"]) {
    expect([method, await size(method, 0)]).toEqual([method, [50, 70, 50]]);
    expect([method, await size(method, 60)]).toEqual([method, [20, 70, undefined]]);
    expect([method, await size(method, -1)]).toEqual([method, [50, undefined, undefined]]);
  }
});

test("a row of a product with variations is kept, turned into a variation, or refused, as is set", async () => {
  for (const [parentRows, productId] of [
    ["stored", 1777],
    ["variation", 1778],
    ["refused", undefined],
  ] as const) {
    const portal = createPortal({ ...options, switches: { parentRows } });
    portal.staff.addDeal({ title: "T" });
    const productRows = [{ productId: 1777, price: 49 }];
    const { body } = await callPortal(portal, "crm.item.productrow.set", {
      ownerType: "D",
      ownerId: 7001,
      productRows,
    });
    expect(body.error).toBe(productId ? undefined : "INVALID_ARG_VALUE");
    expect(portal.rows.get(7001)?.[0]?.productId).toBe(productId);
  }
});

test("a row of an unknown product is kept, free text, or refused, as is set", async () => {
  for (const [product, productId] of [
    ["stored", 5],
    ["ignored", 0],
    ["refused", undefined],
  ] as const) {
    const portal = createPortal({ unknown: { product } });
    portal.staff.addDeal({ title: "T" });
    const productRows = [{ productId: 5, productName: "X", price: 49 }];
    await callPortal(portal, "crm.item.productrow.set", { ownerType: "D", ownerId: 7001, productRows });
    expect(portal.rows.get(7001)?.[0]?.productId).toBe(productId);
  }
});

test("VAT of a product is told as its number and whether the price includes it, and the rates are a list of their own", async () => {
  const portal = createPortal({
    products: [{ id: 1777, name: "Course", price: 100, currency: "USD", active: true, vatId: 2 }],
  });
  const { body: told } = await callPortal(portal, "catalog.product.get", { id: 1777 });
  expect(told.result).toMatchObject({ product: { vatId: 2, vatIncluded: "N" } });
  const { body: rates } = await callPortal(portal, "catalog.vat.list", {});
  expect(rates.result).toMatchObject({
    vats: [
      { id: 1, rate: 0 },
      { id: 2, rate: 20 },
    ],
  });
});

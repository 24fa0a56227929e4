import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { createTestServices, type TestServices } from "../test/services";
import type { FormSettings } from "./definition";
import { type Forms, openForms } from "./forms";
import { type Offer, offerOf } from "./offer";
import { claimProducts, noteProduct } from "./products";
import { readDefinition } from "./read-definition";

let tests: TestServices;
let forms: Forms;

beforeAll(async () => {
  tests = await createTestServices();
  forms = await openForms(tests, { follow: false });
});
afterAll(() => tests.drop());

/** What a form with these settings offers in this environment. */
async function offer(settings: FormSettings = {}, environment: Record<string, string> = {}): Promise<Offer | null> {
  await forms.reload();
  return offerOf({ env: parseEnv(environment), forms }, { ...forms.first(), definition: readDefinition({ settings }) });
}

/** A product that the portal has told. */
let products = 5_000;
async function told(name: string, ownPriceUsd?: number): Promise<string> {
  await noteProduct(tests, ++products, { name, ownPriceUsd });
  return String(products);
}

test("a form offers the product of its settings at the portal's price", async () => {
  const [site, own] = [await told("Course", 49), await told("Evening course", 59.5)];
  const environment = { BITRIX24_PRODUCT_ID: site };
  expect(await offer({}, environment)).toEqual({ name: "Course", priceUsd: 49 });
  expect(await offer({ product: own }, environment)).toEqual({ name: "Evening course", priceUsd: 59.5 });
});

test("a price of the settings comes before the portal's, as in the deal", async () => {
  const [site, own] = [await told("Course", 49), await told("Evening course", 59)];
  const environment = { BITRIX24_PRODUCT_ID: site, BITRIX24_PRICE_USD: "45" };
  expect(await offer({}, environment)).toEqual({ name: "Course", priceUsd: 45 });
  expect(await offer({ price: "0" }, environment)).toEqual({ name: "Course", priceUsd: 0 });
  // The site's price is that of the site's product.
  expect(await offer({ product: own }, environment)).toEqual({ name: "Evening course", priceUsd: 59 });
});

test("a price of nothing is shown if the settings say so, and not if the portal was never told a price", async () => {
  for (const own of [0, 0.004, -5]) {
    const environment = { BITRIX24_PRODUCT_ID: await told("Course", own) };
    expect(await offer({}, environment), `${own}`).toBeNull();
    expect(await offer({ price: "0" }, environment)).toEqual({ name: "Course", priceUsd: 0 });
    expect(await offer({}, { ...environment, BITRIX24_PRICE_USD: "0" })).toEqual({ name: "Course", priceUsd: 0 });
  }
  expect(await offer({}, { BITRIX24_PRODUCT_ID: await told("Pencil", 0.01) })).toEqual({
    name: "Pencil",
    priceUsd: 0.01,
  });
});

test("nothing is offered of a product whose name or price nobody knows", async () => {
  expect(await offer({}, { BITRIX24_PRODUCT_ID: "4999", BITRIX24_PRICE_USD: "45" })).toBeNull();
  expect(await offer({}, { BITRIX24_PRODUCT_ID: await told("In euros") })).toBeNull();
  expect(await offer({}, { BITRIX24_PRODUCT_ID: await told(" \u0000\n", 49) })).toBeNull();
  const asked = ++products;
  await claimProducts(tests, [asked]);
  expect(await offer({}, { BITRIX24_PRODUCT_ID: String(asked), BITRIX24_PRICE_USD: "45" })).toBeNull();
});

test("a name in several lines, of odd length or with characters that no database keeps is one short line", async () => {
  const product = await told(`\u0000Course\r\n${"🎓".repeat(300)}`, 49);
  const { name = "" } = (await offer({}, { BITRIX24_PRODUCT_ID: product })) ?? {};
  expect(name).toMatch(/^Course 🎓+$/u);
  expect([...name]).toHaveLength(255);
});

test("the offer is switched off for the site or for a form alone", async () => {
  const environment = { BITRIX24_PRODUCT_ID: await told("Course", 49) };
  const off = { ...environment, SHOW_PRICE: "off" };
  expect(await offer({ showPrice: "off" }, environment)).toBeNull();
  expect(await offer({}, off)).toBeNull();
  expect(await offer({ showPrice: "on" }, off)).toEqual({ name: "Course", priceUsd: 49 });
});

test("a product that the portal no longer has is not offered", async () => {
  const product = await told("Course", 49);
  await noteProduct(tests, Number(product), null);
  expect(await offer({}, { BITRIX24_PRODUCT_ID: product, BITRIX24_PRICE_USD: "45" })).toBeNull();
});

test("what the portal told last is offered for a week and no longer", async () => {
  const product = await told("Course", 49);
  const day = 86_400_000;
  const readBefore = (days: number) =>
    tests.db.portalProduct.update({
      where: { productId: BigInt(product) },
      data: { readAt: new Date(Date.now() - days * day) },
    });
  await readBefore(6.9);
  expect(await offer({}, { BITRIX24_PRODUCT_ID: product })).toEqual({ name: "Course", priceUsd: 49 });
  await readBefore(7.1);
  expect(await offer({}, { BITRIX24_PRODUCT_ID: product })).toBeNull();
});

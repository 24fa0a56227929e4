import { afterEach, expect, test } from "vitest";
import { crmSettingsOf } from "../bitrix24/crm-settings";
import { openForms } from "../forms/forms";
import { unpricedProducts } from "../forms/unpriced";
import { reviewSettings } from "../preview/review";
import { newestChange, type SettingTexts, saveSettings } from "../settings/change";
import { alertMails } from "../test/alerts";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { checkConnection } from "./check-connection";
import { lookAtProducts, tellUnpriced } from "./watch-products";

// A product whose price on the portal is 0: its deals have no amount, and nobody may have meant that.

let crm: CrmHarness;
afterEach(() => crm.close());

const course = { id: 1777, name: "Course", price: 49, currency: "USD", active: true };
const book = { id: 1800, name: "Book", price: 20, currency: "USD", active: true };

async function start(products = [{ ...course, price: 0 }, book], env: Record<string, string> = {}) {
  const mail = { ALERT_EMAIL: "ops@example.com", ALERT_LANGUAGE: "en" };
  crm = await createCrmHarness({ env: { ...mail, ...env }, portal: { limits: { bucket: 0 }, products } });
}

const checked = async (id: string) => (await checkConnection(crm.services)).find((each) => each.id === id);

async function set(texts: SettingTexts) {
  const actor = await makeAdmin(crm.services.db);
  await saveSettings(crm.services, { actor, texts, seen: await newestChange(crm.services) });
}

/** What a worker does every few seconds. */
async function look() {
  await crm.services.forms.reload();
  await lookAtProducts(crm.services);
  await crm.services.forms.reload();
  await tellUnpriced(crm.services);
}

const told = async () => (await alertMails(crm)).splice(0).map(({ subject }) => subject);

test.each([0, 0.001, 0.004])(
  "the check of the connection says that a product costs %s on the portal",
  async (price) => {
    await start([{ ...course, price }]);
    expect(await checked("product")).toMatchObject({ state: "warn", facts: { id: 1777, unpriced: 1 } });
  },
);

test("a product of little money, and one that the owner gives away by the setting, are no matter of doubt", async () => {
  await start([{ ...course, price: 0.01 }]);
  expect(await checked("product")).toMatchObject({ state: "ok", facts: { priceUsd: 0.01 } });
  await crm.close();
  await start(undefined, { BITRIX24_PRICE_USD: "0" });
  expect(await checked("product")).toMatchObject({ state: "ok", facts: { priceUsd: 0 } });
  await crm.services.forms.reload();
  expect(unpricedProducts(crm.services)).toEqual([]);
});

test("a page of settings warns before a product without a price is saved, and says how to give it away", async () => {
  await start();
  const review = (texts: SettingTexts) =>
    reviewSettings(crm.services, {
      group: "deal",
      texts,
      changes: Object.fromEntries(Object.entries(texts).map(([key, to]) => [key, { from: null, to }])),
      locale: "en",
    });
  const warned = await review({ product: "1777" });
  expect(warned.problems).toEqual({});
  expect(warned.warnings).toEqual([expect.stringContaining("enter the price 0 here")]);
  expect((await review({ product: "1777", price: "0" })).warnings).toEqual([]);
  expect((await review({ product: "1800" })).warnings).toEqual([]);
});

test("administrators are told once of a price that was lost, and once that it is back", async () => {
  await start([course, book]);
  await look();
  expect(await told()).toEqual([]);
  crm.portal.configure({ products: [{ ...course, price: 0 }, book] });
  await crm.services.bitrix24.products.read(crmSettingsOf(crm.services.env));
  await look();
  await look();
  expect(unpricedProducts(crm.services)).toEqual([1777]);
  expect(await told()).toEqual([expect.stringContaining("product 1777 costs 0 USD")]);
  crm.portal.configure({ products: [course, book] });
  await crm.services.bitrix24.products.read(crmSettingsOf(crm.services.env));
  await look();
  await look();
  expect(await told()).toEqual([expect.stringContaining("are no longer made without an amount")]);
});

test("an owner who says that the product is free is told no more, also if that was said a moment ago", async () => {
  await start();
  await look();
  expect(await told()).toHaveLength(1);
  await set({ price: "0" });
  await look();
  expect(await told()).toHaveLength(1);
  expect(unpricedProducts(crm.services)).toEqual([]);
});

/** A new state of the portal, which one process has read. */
async function onPortal(products: object[]) {
  crm.portal.configure({ products: products as (typeof course)[] });
  await crm.services.bitrix24.products.read(crmSettingsOf(crm.services.env)).catch(() => {});
}

test.each([
  ["is removed", [book]],
  ["costs another currency", [{ ...course, price: 0, currency: "RUB" }, book]],
])("the alert lasts while a product %s: only a price ends it", async (_name, products) => {
  await start();
  await look();
  expect(await told()).toHaveLength(1);
  await onPortal(products);
  await crm.services.forms.reload();
  expect(crm.services.forms.product(1777)?.priceUsd).toBeNull();
  await look();
  expect(await told()).toEqual([]);
  await onPortal([{ ...course, price: 0 }, book]);
  await look();
  expect(await told()).toEqual([]);
  await onPortal([course, book]);
  await look();
  expect(await told()).toEqual([expect.stringContaining("are no longer made without an amount")]);
});

test("a process that has not read the newest price neither ends nor begins an alert", async () => {
  await start([course, book]);
  await look();
  const late = async () => ({ ...crm.services, forms: await openForms(crm.services, { follow: false }) });
  const before = await late();
  await onPortal([{ ...course, price: 0 }, book]);
  await look();
  expect(await told()).toEqual([expect.stringContaining("product 1777 costs 0 USD")]);
  await tellUnpriced(before);
  expect(await told()).toEqual([]);
  const since = await late();
  await onPortal([course, book]);
  await look();
  expect(await told()).toEqual([expect.stringContaining("are no longer made without an amount")]);
  await tellUnpriced(since);
  expect(await told()).toEqual([]);
});

test("a form's own product counts while the form is open", async () => {
  await start([course, { ...book, price: 0 }]);
  const form = await crm.services.db.form.create({
    data: { slug: "books", name: "Books", definition: { settings: { product: "1800" } } },
  });
  await crm.services.forms.reload();
  expect(await checked("forms")).toMatchObject({ state: "warn", facts: { names: expect.stringContaining("Books") } });
  await crm.services.forms.reload();
  expect(unpricedProducts(crm.services)).toEqual([1800]);
  await crm.services.db.form.update({ where: { id: form.id }, data: { closedAt: new Date() } });
  await crm.services.forms.reload();
  expect(unpricedProducts(crm.services)).toEqual([]);
});

test("registrations of a product that costs nothing arrive", async () => {
  await start();
  const id = await crm.register();
  crm.newWorker().start();
  const person = () => crm.services.db.user.findUniqueOrThrow({ where: { id } });
  await expect.poll(async () => (await person()).crmState).toBe("SYNCED");
  expect((await person()).crmProduct).toMatchObject({ priceUsd: 0 });
});

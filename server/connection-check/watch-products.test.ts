import { expect, test } from "vitest";
import type { FormSettings } from "../forms/definition";
import { offerOf } from "../forms/offer";
import { type CrmHarness, startCrm } from "../test/crm";
import { checkIfDue } from "./kept-check";
import { lookAtProducts } from "./watch-products";

let crm: CrmHarness;

const course = { id: 1777, name: "Course", price: 49, currency: "USD", active: true };
const book = { id: 1800, name: "Book", price: 20, currency: "USD", active: true };

async function start(env: Record<string, string> = {}) {
  crm = await startCrm({ env, portal: { products: [course, book] } });
}

async function makeForm(settings: FormSettings, closedAt: Date | null = null): Promise<number> {
  const { id } = await crm.services.db.form.create({
    data: { slug: "books", name: "Books", definition: { settings }, closedAt },
  });
  await crm.services.forms.reload();
  return id;
}

async function offer(formId = 1) {
  const { forms } = crm.services;
  await forms.reload();
  return offerOf(crm.services, forms.byId(formId) ?? forms.first());
}

/** The number of requests that a look sends. */
async function look(): Promise<number> {
  await crm.services.forms.reload();
  const before = crm.portal.requests;
  await lookAtProducts(crm.services);
  return crm.portal.requests - before;
}

/** As if everything that is known of products were older by this. */
const older = (minutes: number) =>
  crm.services.db.$executeRaw`update "PortalProduct" set
    "readAt" = "readAt" - ${minutes} * interval '1 minute', "askedAt" = "askedAt" - ${minutes} * interval '1 minute'`;

test("the check of the connection tells what each form sells, without a request of its own", async () => {
  await start();
  const books = await makeForm({ product: "1800" });
  await checkIfDue(crm.services);
  expect(await offer()).toEqual({ name: "Course", priceUsd: 49 });
  expect(await offer(books)).toEqual({ name: "Book", priceUsd: 20 });
  expect(await look()).toBe(0);
});

test("a registration tells the price that its deal is made with", async () => {
  await start();
  const id = await crm.register();
  crm.newWorker().start();
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState)
    .toBe("SYNCED");
  expect(await offer()).toEqual({ name: "Course", priceUsd: 49 });
});

/** What the next registration's deal sells. */
async function sold() {
  const id = await crm.register();
  const user = () => crm.services.db.user.findUniqueOrThrow({ where: { id } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  return (await user()).crmProduct;
}

test("a price that another process has read is that of the next deal, as the page shows it", async () => {
  await start();
  crm.newWorker().start();
  expect(await sold()).toMatchObject({ priceUsd: 49 });
  crm.portal.configure({ products: [{ ...course, price: 59.5 }, book] });
  // No process has read the new price yet: the page and the deal agree.
  expect(await sold()).toMatchObject({ priceUsd: 49 });
  expect(await offer()).toEqual({ name: "Course", priceUsd: 49 });
  // As a check of settings does, in the process that shows pages.
  await crm.services.bitrix24.products.read(crm.services.bitrix24.settings);
  expect(await offer()).toEqual({ name: "Course", priceUsd: 59.5 });
  expect(await sold()).toMatchObject({ priceUsd: 59.5 });
  // A name alone, too: it stands in the deal's title.
  crm.portal.configure({ products: [{ ...course, name: "Evening course", price: 59.5 }, book] });
  await crm.services.bitrix24.products.read(crm.services.bitrix24.settings);
  await crm.services.forms.reload();
  expect(await sold()).toMatchObject({ name: "Evening course", priceUsd: 59.5 });
});

test("what is known of a product costs no registration a request until it changes", async () => {
  await start();
  crm.newWorker().start();
  await sold();
  await crm.services.bitrix24.products.read(crm.services.bitrix24.settings);
  await crm.services.forms.reload();
  const asked = () => crm.portal.calls.filter(({ method }) => method === "catalog.product.get").length;
  const before = asked();
  await sold();
  expect(asked()).toBe(before);
  crm.portal.configure({ products: [{ ...course, price: 59.5 }, book] });
  await crm.services.bitrix24.products.read(crm.services.bitrix24.settings);
  await crm.services.forms.reload();
  await sold();
  await sold();
  expect(asked() - before).toBe(2);
});

test("a product that a form sells since lately is asked for once, by one of several processes", async () => {
  await start();
  await checkIfDue(crm.services);
  const books = await makeForm({ product: "1800" });
  expect(await offer(books)).toBeNull();
  const before = crm.portal.requests;
  await Promise.all(Array.from({ length: 4 }, () => lookAtProducts(crm.services)));
  expect(crm.portal.requests - before).toBe(1);
  expect(await offer(books)).toEqual({ name: "Book", priceUsd: 20 });
  expect(await look()).toBe(0);
});

test("a new name and price on the portal are noticed within the hour, also while nobody registers", async () => {
  await start();
  expect(await look()).toBe(1);
  crm.portal.configure({ products: [{ ...course, name: "Autumn course", price: 59.5 }] });
  await older(59);
  expect(await look()).toBe(0);
  expect(await offer()).toEqual({ name: "Course", priceUsd: 49 });
  await older(2);
  expect(await look()).toBe(1);
  expect(await offer()).toEqual({ name: "Autumn course", priceUsd: 59.5 });
});

test("a price in another currency, or none, is not shown", async () => {
  await start();
  crm.portal.configure({ products: [{ ...course, currency: "RUB" }] });
  expect(await look()).toBe(1);
  expect(await offer()).toBeNull();
});

test("the last answer of a portal that does not answer is still shown, and it is asked again after ten minutes", async () => {
  await start();
  await look();
  await older(61);
  crm.portal.fail({ kind: "dropBefore", times: 50 });
  expect(await look()).toBeGreaterThan(0);
  expect(await offer()).toEqual({ name: "Course", priceUsd: 49 });
  expect(await look()).toBe(0);
  await older(11);
  expect(await look()).toBeGreaterThan(0);
});

test("a product that was removed from the portal is shown no longer", async () => {
  await start();
  await look();
  crm.portal.configure({ products: [book] });
  await older(61);
  await look();
  expect(await offer()).toBeNull();
});

test("nothing is asked while the queue is paused", async () => {
  await start();
  await crm.services.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: "admin" } });
  expect(await look()).toBe(0);
  await crm.services.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null } });
  expect(await look()).toBe(1);
});

test("nothing is asked for forms that are closed or show no price", async () => {
  await start({ SHOW_PRICE: "off" });
  await makeForm({ product: "1800", showPrice: "on" }, new Date());
  expect(await look()).toBe(0);
  await crm.services.db.form.updateMany({ data: { closedAt: null } });
  expect(await look()).toBe(1);
});

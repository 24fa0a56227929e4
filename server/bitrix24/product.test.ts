import { afterEach, expect, test } from "vitest";
import type { Price, Product } from "../../e2e/portal/administration";
import { startPortal } from "../../e2e/portal/server";
import type { PortalOptions } from "../../e2e/portal/settings";
import { createLog } from "../platform/log";
import { usualTitle } from "../platform/title-template";
import { type GatewayHooks, startGateway } from "../test/gateway";
import type { CrmSettings } from "./crm-settings";
import { fetchProductInfo } from "./product";
import { Bitrix24Client } from "./transport/client";
import { withoutRateLimit } from "./transport/rate-limit";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const settings: CrmSettings = {
  productId: 1777,
  priceUsd: undefined,
  categoryId: 0,
  stageId: undefined,
  sourceId: "WEB",
  responsible: [],
  turnOf: null,
  keepsOwner: true,
  fieldRules: [],
  siteUrl: "http://localhost:3000",
  zone: "UTC",
  titleTemplate: usualTitle,
};

const course = (price: number, currency: string): Product => ({
  id: 1777,
  name: "Курс",
  price,
  currency,
  active: true,
});
const webhook = (scopes: string[]) => [{ userId: 1, secret: "standinportalkey", scopes }];

async function start(options: PortalOptions = {}, hooks: GatewayHooks = {}) {
  const server = await startPortal({ limits: { bucket: 0 }, ...options });
  const gateway = await startGateway(server.webhookUrl, hooks);
  closers.push(gateway.close, server.close);
  const { webhookUrl } = gateway;
  const client = new Bitrix24Client({
    webhookUrl,
    timeoutMs: 60_000,
    rateLimiter: withoutRateLimit,
    log: createLog("silent"),
  });
  return {
    ...server,
    read: (changes: Partial<CrmSettings> = {}) => fetchProductInfo(client, { ...settings, ...changes }),
  };
}

test("the product comes with its name and its price in dollars", async () => {
  const { read } = await start({ products: [course(49.9, "USD")] });
  expect(await read()).toEqual({ id: 1777, name: "Курс", priceUsd: 49.9 });
});

test("a price that the environment names takes the place of the product's own, in whatever currency that is", async () => {
  const { read } = await start({ products: [course(4_900, "RUB")] });
  expect(await read({ priceUsd: 55 })).toEqual({ id: 1777, name: "Курс", priceUsd: 55 });
});

test("a product without a price in dollars stops registrations until its price is mended", async () => {
  const { read } = await start({ products: [course(4_900, "RUB")] });
  await expect(read()).rejects.toMatchObject({ code: "PRODUCT_PRICE_NOT_USD", kind: "blocked", applied: "no" });
});

test("a product that does not exist stops registrations, even with a price of the environment's", async () => {
  const { read } = await start({ products: [course(49, "USD")] });
  for (const priceUsd of [undefined, 55])
    await expect(read({ productId: 4711, priceUsd })).rejects.toMatchObject({
      code: "PRODUCT_NOT_FOUND",
      kind: "blocked",
    });
});

test("a webhook without the catalog's scope reads the product the older way", async () => {
  const crmOnly = { webhooks: webhook(["crm"]) };
  expect(await (await start({ ...crmOnly, products: [course(49, "USD")] })).read()).toMatchObject({ priceUsd: 49 });
  await expect((await start({ ...crmOnly, products: [course(49, "RUB")] })).read()).rejects.toMatchObject({
    code: "PRODUCT_PRICE_NOT_USD",
  });
});

test("a product that may not be seen is not called missing, in whatever language the portal refuses", async () => {
  const german: GatewayHooks = {
    answer: (_method, text) =>
      text.replace(/"error_description":"[^"]*"/g, '"error_description":"Der Zugriff wurde verweigert"'),
  };
  const { read } = await start({ products: [{ ...course(49, "USD"), unreadable: true }] }, german);
  await expect(read()).rejects.toMatchObject({ code: "PRODUCT_UNREADABLE", kind: "blocked" });
  expect(await read({ priceUsd: 55 })).toEqual({ id: 1777, name: "", priceUsd: 55 });
  await expect(read({ productId: 4711 })).rejects.toMatchObject({ code: "PRODUCT_NOT_FOUND" });
});

test("a product without a price is not given away", async () => {
  for (const price of [null, "", " "]) {
    const { read } = await start(
      { webhooks: webhook(["crm"]), products: [course(49, "USD")] },
      { answer: (_method, text) => text.replace('"PRICE":"49.00"', `"PRICE":${JSON.stringify(price)}`) },
    );
    await expect(read(), JSON.stringify(price)).rejects.toMatchObject({ code: "PRODUCT_PRICE_NOT_USD" });
  }
});

test("a product that costs nothing costs nothing", async () => {
  const { read } = await start({ products: [course(0, "USD")] });
  expect(await read()).toMatchObject({ priceUsd: 0 });
});

test("of several prices in dollars that of the first price group counts", async () => {
  const prices = [
    { catalogGroupId: 3, currency: "USD", price: 70 },
    { catalogGroupId: 1, currency: "EUR", price: 10 },
    { catalogGroupId: 2, currency: "USD", price: "60.5" },
  ];
  const { read } = await start(
    {},
    {
      answer: (_method, text) => {
        const answer = JSON.parse(text);
        answer.result.result.c1 = { prices };
        return JSON.stringify(answer);
      },
    },
  );
  expect(await read()).toMatchObject({ priceUsd: 60.5 });
});

test.each([
  { name: "the price of one unit last", order: (prices: Price[]) => prices },
  { name: "the price of one unit first", order: (prices: Price[]) => prices.toReversed() },
])("of prices for several quantities that of one unit counts, $name", async ({ order }) => {
  const prices = [
    { type: 2, price: 39, currency: "USD", from: 11 },
    { type: 2, price: 44, currency: "USD", from: 2, to: 10 },
    { type: 1, price: 30, currency: "USD", to: 1 },
    { type: 2, price: 49, currency: "USD", from: 0, to: 1 },
  ];
  const { read } = await start({
    priceTypes: [
      { id: 1, name: "WHOLESALE" },
      { id: 2, name: "BASE", base: true },
    ],
    products: [{ ...course(0, "USD"), prices: order(prices) }],
  });
  expect(await read()).toMatchObject({ priceUsd: 49 });
});

test("a product that is sold in packs only has no price of its own", async () => {
  const { read } = await start({
    products: [{ ...course(0, "USD"), prices: [{ type: 1, price: 39, currency: "USD", from: 10 }] }],
  });
  await expect(read()).rejects.toMatchObject({ code: "PRODUCT_PRICE_NOT_USD" });
});

test("prices of other products are not the product's, also on a portal that ignores the filter", async () => {
  const { read } = await start(
    { products: [{ ...course(19, "USD"), id: 1700 }, course(49, "USD")] },
    {
      request: (method, body) =>
        method === "batch" ? body.replace("filter%5BproductId%5D", "filter%5Bx%5D") : undefined,
    },
  );
  expect(await read()).toMatchObject({ priceUsd: 49 });
});

test("an ill portal says nothing about the product", async () => {
  const { read, portal } = await start();
  portal.fail({ kind: "502", times: 1 });
  await expect(read()).rejects.toMatchObject({ kind: "outage" });
  portal.fail({ kind: "operating", method: "catalog.product.get", times: 1 });
  await expect(read()).rejects.toMatchObject({ kind: "limit" });
  portal.fail({ kind: "emptyBatch", times: 1 });
  await expect(read()).rejects.toMatchObject({ kind: "outage" });
});

import type { Product } from "../administration";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, missingParameter, scoped } from "./method";

const iblockId = 15;
const basePriceGroup = 1;

export const catalogMethods: Methods = {
  ...scoped("catalog", {
    "catalog.product.get": (world, params) => ({ result: { product: describe(productOf(world, params)) } }),
    "catalog.product.list": listProducts,
    "catalog.price.list": (world, params) => {
      const prices = matching(world, params, ["productId", "PRODUCT_ID"]).map(describePrice);
      return { result: { prices }, total: prices.length };
    },
  }),
  ...scoped("crm", {
    "crm.product.get": (world, params) => ({ result: describeLegacy(legacyProductOf(world, params)) }),
    "crm.product.list": (world, params) => {
      const products = matching(world, params, ["ID", "id"]).map(describeLegacy);
      return { result: products, total: products.length };
    },
  }),
};

/** The catalog's errors have numbers for codes. */
function productOf(world: World, params: ValueMap): Product {
  if (params.id === undefined) throw missingParameter(world, "id");
  const product = world.settings.products.find(({ id }) => id === toInt(params.id));
  if (!product) throw new PortalError(0, world.say("productNotFound"));
  return product;
}

function legacyProductOf(world: World, params: ValueMap): Product {
  const id = toInt(params.id ?? params.ID);
  if (id <= 0) throw new PortalError("", world.say("idInvalid"));
  const product = world.settings.products.find((one) => one.id === id);
  if (!product) throw new PortalError("", world.say("notFound"));
  return product;
}

function matching(world: World, params: ValueMap, names: string[]): Product[] {
  const filter = asMap(params.filter ?? params.FILTER) ?? {};
  const wanted = names.flatMap((name) => filter[name] ?? filter[`=${name}`] ?? []);
  return world.settings.products.filter(({ id }) => wanted.length === 0 || wanted.map(toInt).includes(id));
}

function listProducts(world: World, params: ValueMap): Reply {
  const select = asList(params.select);
  const filter = asMap(params.filter);
  if (!select.includes("id") || !select.includes("iblockId")) throw missingParameter(world, "select");
  if (filter?.iblockId === undefined) throw missingParameter(world, "filter[iblockId]");
  if (toInt(filter.iblockId) !== iblockId) return { result: { products: [] }, total: 0 };
  const products = matching(world, params, ["id"]).map(describe);
  return { result: { products }, total: products.length };
}

/** Without the price: that is a record of its own. */
function describe({ id, name, active }: Product): ValueMap {
  return { id, iblockId, name, active: active ? "Y" : "N", type: 1, xmlId: String(id), code: null };
}

function describePrice({ id, price, currency }: Product): ValueMap {
  return { id: id * 10, productId: id, catalogGroupId: basePriceGroup, currency, price };
}

function describeLegacy({ id, name, price, currency, active }: Product): ValueMap {
  return {
    ID: String(id),
    CATALOG_ID: String(iblockId),
    NAME: name,
    PRICE: price.toFixed(2),
    CURRENCY_ID: currency,
    ACTIVE: active ? "Y" : "N",
  };
}

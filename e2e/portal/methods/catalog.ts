import type { Price, Product } from "../administration";
import { isSellable, pricesOf, productTypes } from "../crm/products";
import { legacyParameter } from "../protocol/call";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { legacyMap } from "./legacy";
import { type Methods, missingParameter, scoped } from "./method";
import { matching, pageOf, selected, sortBy } from "./plain-lists";

/** Products and their variations lie in two catalogues; a variation's one points to the other. */
const productCatalog = 15;
const variationCatalog = 16;
const parentProperty = 97;
const noRightToElement = 200040300040;

type Kind = NonNullable<Product["kind"]>;

const parentOfNothing = 6;

export const catalogMethods: Methods = {
  ...scoped("catalog", {
    "catalog.product.get": (world, params) => ({ result: { product: describe(world, productOf(world, params)) } }),
    "catalog.product.list": (world, params) => listProducts(world, params, "products", ["simple", "parent", "service"]),
    "catalog.product.sku.get": (world, params) => ({
      result: { sku: describe(world, productOf(world, params, "parent")) },
    }),
    "catalog.product.sku.list": (world, params) => listProducts(world, params, "units", ["parent"]),
    "catalog.product.offer.get": (world, params) => ({
      result: { offer: describe(world, productOf(world, params, "variation")) },
    }),
    "catalog.product.offer.list": (world, params) => listProducts(world, params, "offers", ["variation"]),
    "catalog.price.list": (world, params) => {
      const prices = readable(world).flatMap((product) =>
        pricesOf(world, product).map((price, place) => describePrice(product, price, place)),
      );
      return list("prices", prices, params);
    },
    "catalog.pricetype.list": (world, params) => {
      const priceTypes = world.settings.priceTypes.map(({ id, name, base }) => ({
        id,
        name,
        base: base ? "Y" : "N",
        sort: id * 100,
        xmlId: name,
      }));
      return list("priceTypes", priceTypes, params);
    },
    "catalog.vat.list": (_world, params) => list("vats", vats, params),
    "catalog.catalog.list": (_world, params) => {
      const common = { iblockTypeId: 0, lid: "s1", subscription: "N", vatId: 1 };
      const catalogs = [
        { ...common, id: productCatalog, iblockId: productCatalog, name: "Products", productIblockId: null },
        { ...common, id: variationCatalog, iblockId: variationCatalog, name: "Variations", ...parentCatalog },
      ];
      return list("catalogs", catalogs, params);
    },
  }),
  ...scoped("crm", {
    "crm.product.get": (world, params) => ({ result: describeLegacy(world, legacyProductOf(world, params)) }),
    "crm.product.list": (world, params) => {
      const order = legacyMap(world, params, "order") ?? {};
      const filter = legacyMap(world, params, "filter") ?? {};
      const products = readable(world).filter((product) => kindOf(product) !== "variation");
      const found = matching(
        products.map((product) => describeLegacy(world, product)),
        filter,
      );
      sortBy(found, order);
      const { page, ...counts } = pageOf(found, legacyParameter(params, "start"));
      return { result: selected(page, legacyParameter(params, "select")), ...counts };
    },
  }),
};

const vats = [
  { id: 1, name: "No VAT", active: "Y", sort: 100, rate: 0 },
  { id: 2, name: "VAT 20%", active: "Y", sort: 200, rate: 20 },
];

const parentCatalog = { productIblockId: productCatalog, skuPropertyId: parentProperty };

const kindOf = ({ kind = "simple" }: Product): Kind => kind;

/** The catalog's errors have numbers for codes. */
function productOf(world: World, params: ValueMap, kind?: Kind): Product {
  if (params.id === undefined) throw missingParameter(world, "id");
  const product = world.settings.products.find(({ id }) => id === toInt(params.id));
  if (!product || (kind && kindOf(product) !== kind)) throw new PortalError(0, world.say("productNotFound"));
  if (product.unreadable) throw new PortalError(noRightToElement, "Access Denied");
  return product;
}

/** The older methods know one catalogue, and so no variations. */
function legacyProductOf(world: World, params: ValueMap): Product {
  const id = toInt(params.id ?? params.ID);
  if (id <= 0) throw new PortalError("", world.say("idInvalid"));
  const product = world.settings.products.find((one) => one.id === id && kindOf(one) !== "variation");
  if (!product) throw new PortalError("", world.say("notFound"));
  if (product.unreadable) throw new PortalError("", world.say("accessDenied"));
  return product;
}

/** Lists leave out what may not be read. */
function readable(world: World): Product[] {
  return world.settings.products.filter(({ unreadable }) => !unreadable);
}

function list(name: string, entries: ValueMap[], params: ValueMap): Reply {
  const found = matching(entries, asMap(params.filter) ?? {});
  sortBy(found, asMap(params.order) ?? {});
  const { page, ...counts } = pageOf(found, params.start);
  return { result: { [name]: selected(page, params.select) }, ...counts };
}

function listProducts(world: World, params: ValueMap, name: string, kinds: Kind[]): Reply {
  const select = asList(params.select);
  const filter = asMap(params.filter);
  if (!select.includes("id") || !select.includes("iblockId")) throw missingParameter(world, "select");
  if (filter?.iblockId === undefined) throw missingParameter(world, "filter[iblockId]");
  const products = readable(world).filter((product) => kinds.includes(kindOf(product)));
  return list(
    name,
    products.map((product) => describe(world, product)),
    params,
  );
}

/** Without the price: that is a record of its own. */
function describe(world: World, product: Product): ValueMap {
  const { id, name, active, parentId, vatId = null, vatIncluded = false } = product;
  const kind = kindOf(product);
  const hasVariations = world.settings.products.some((one) => one.parentId === id);
  return {
    id,
    iblockId: kind === "variation" ? variationCatalog : productCatalog,
    name,
    active: active ? "Y" : "N",
    available: active && isSellable(product) ? "Y" : "N",
    type: kind === "parent" && !hasVariations ? parentOfNothing : productTypes[kind],
    xmlId: String(id),
    code: null,
    vatId,
    vatIncluded: vatIncluded ? "Y" : "N",
    ...(parentId === undefined ? {} : { parentId: { value: String(parentId), valueId: String(9000 + id) } }),
  };
}

function describePrice({ id }: Product, { type, price, currency, from, to }: Price, place: number): ValueMap {
  return {
    id: id * 100 + place,
    productId: id,
    catalogGroupId: type,
    currency,
    price,
    priceScale: price,
    quantityFrom: from ?? null,
    quantityTo: to ?? null,
    extraId: null,
  };
}

function describeLegacy(world: World, product: Product): ValueMap {
  const { id, name, active } = product;
  const base = pricesOf(world, product).find(
    ({ type }) => world.settings.priceTypes.find((one) => one.id === type)?.base,
  );
  return {
    ID: String(id),
    CATALOG_ID: String(productCatalog),
    NAME: name,
    PRICE: base ? base.price.toFixed(2) : null,
    CURRENCY_ID: base ? toText(base.currency) : null,
    ACTIVE: active ? "Y" : "N",
  };
}

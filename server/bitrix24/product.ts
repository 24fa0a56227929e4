import type { z } from "zod";
import type { CrmSettings } from "./crm-settings";
import { pageSize } from "./items";
import type { ProductInfo } from "./product-info";
import { catalogPrices, catalogProduct, oldProduct, parseAnswer, priceTypes, productRows, vatRates } from "./responses";
import type { SoldRow } from "./sale";
import type { DealOwner } from "./tasks";
import type { Command, Outcome } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";
import { isNo, isYes } from "./yes-no";

/** The reason why the product cannot be sold until it is corrected on the portal or in our settings. */
export type ProductProblem =
  | "PRODUCT_NOT_FOUND"
  | "PRODUCT_UNREADABLE"
  | "PRODUCT_HAS_VARIATIONS"
  | "PRODUCT_PRICE_NOT_USD";

const productProblems: ReadonlySet<string> = new Set<ProductProblem>([
  "PRODUCT_NOT_FOUND",
  "PRODUCT_UNREADABLE",
  "PRODUCT_HAS_VARIATIONS",
  "PRODUCT_PRICE_NOT_USD",
]);

/** The facts about a deal's product. */
export interface ProductFacts {
  id: number;
  name: string;
  /** US dollars; undefined if neither the environment nor the portal has a price in them. */
  priceUsd: number | undefined;
  /** The portal's own price in US dollars, whatever the settings say. */
  ownPriceUsd: number | undefined;
  /** False if the webhook has no right to read the product: then only its id is known. */
  readable: boolean;
  active: boolean;
  /** The product is only the parent of its variations and must not be sold itself. */
  hasVariations: boolean;
  /** Whether the price is not, or may not be, that of the portal's base price type. */
  otherPriceType: boolean;
  /** Whether VAT comes on top of the portal's price, at which managers do not sell then. */
  beforeVat: boolean;
}

/** Whether this code says that the product has to be corrected; others say that the portal has not told of it. */
export const isProductCode = (code: string): boolean => productProblems.has(code);

/** Whether registrations with this product wait for a correction; those with another product need not. */
export const isProductProblem = (error: unknown): boolean =>
  error instanceof Bitrix24Error && isProductCode(error.code);

const blockedBy = (code: ProductProblem) =>
  new Bitrix24Error({ code, kind: "blocked", applied: "no", method: "catalog.product.get" });

/**
 * The product of the deals and its price in US dollars: BITRIX24_PRICE_USD, else the product's own price, which must
 * then be in USD. Throws Bitrix24Error of kind `blocked` with a ProductProblem: registrations wait until an
 * administrator corrects it, since a deal with a wrong amount is worse than a late one.
 */
export async function fetchProductInfo(client: Bitrix24Client, settings: CrmSettings): Promise<ProductInfo> {
  return sellable(await fetchProductFacts(client, settings));
}

/** The product with its price. Throws Bitrix24Error if it has no price in USD. */
export function sellable({ id, name, priceUsd, readable, hasVariations }: ProductFacts): ProductInfo {
  if (priceUsd !== undefined) return { id, name, priceUsd };
  if (!readable) throw blockedBy("PRODUCT_UNREADABLE");
  throw blockedBy(hasVariations ? "PRODUCT_HAS_VARIATIONS" : "PRODUCT_PRICE_NOT_USD");
}

/** The commands that read the product. */
export const productQuestions = ({ productId: id }: CrmSettings): Command[] => [
  { method: "catalog.product.get", params: { id } },
  { method: "catalog.price.list", params: { filter: { productId: id } } },
  { method: "catalog.priceType.list", params: {} },
  { method: "catalog.vat.list", params: {} },
];

/**
 * Reads the portal's facts about the product, or takes them from the answers to these commands. A missing right of the
 * webhook does not prove that the product is missing: a price from the environment is then enough. Throws
 * Bitrix24Error, including PRODUCT_NOT_FOUND.
 */
export async function fetchProductFacts(
  client: Bitrix24Client,
  settings: CrmSettings,
  answers?: Outcome<unknown>[],
): Promise<ProductFacts> {
  const id = settings.productId;
  const [product, prices, types, rates] = answers ?? (await client.batch(productQuestions(settings)));
  const closed = { right: isClosed(product?.ok ? prices : product, lacksRight), scope: isClosed(product, lacksScope) };
  const known = readCatalog(product, prices, types, rates) ?? (await readOldProduct(client, id, settings, closed));
  return { id, ...known, ownPriceUsd: known.priceUsd, priceUsd: settings.priceUsd ?? known.priceUsd };
}

type Known = Omit<ProductFacts, "id" | "ownPriceUsd">;

const unreadable: Known = {
  name: "",
  priceUsd: undefined,
  readable: false,
  active: true,
  hasVariations: false,
  otherPriceType: false,
  beforeVat: false,
};

/** The catalogue's types of parent products: with variations, and without any variation yet. */
const parentKinds = [3, 6];

/** Null if the catalogue does not return the product, so that the older method is worth a try. */
function readCatalog(
  product: Outcome<unknown> | undefined,
  prices: Outcome<unknown> | undefined,
  types: Outcome<unknown> | undefined,
  rates: Outcome<unknown> | undefined,
): Known | null {
  if (!product?.ok || !prices?.ok) {
    const errors = [product, prices].flatMap((outcome) => (outcome && !outcome.ok ? [outcome.error] : []));
    const serious = errors.find((error) => error.kind === "limit" || error.kind === "outage");
    if (serious) throw serious;
    return null;
  }
  const { id, name, type, active, vatId, vatIncluded } = parseAnswer(
    "catalog.product.get",
    catalogProduct,
    product.value,
    "outage",
  ).product;
  const usd = parseAnswer("catalog.price.list", catalogPrices, prices.value, "outage")
    .prices.filter((each) => isPriceOfOne(each, id) && each.currency === "USD" && Number.isFinite(each.price))
    .sort((a, b) => a.catalogGroupId - b.catalogGroupId);
  const baseId = baseTypeOf(types);
  const chosen = usd.find(({ catalogGroupId }) => catalogGroupId === baseId) ?? usd[0];
  return {
    name,
    priceUsd: chosen?.price,
    readable: true,
    active: !isNo(active),
    hasVariations: parentKinds.includes(type),
    otherPriceType:
      chosen !== undefined &&
      (baseId === null ? new Set(usd.map(({ price }) => price)).size > 1 : chosen.catalogGroupId !== baseId),
    beforeVat: isNo(vatIncluded) && vatId !== null && rateOf(vatId, rates) !== 0,
  };
}

/**
 * Whether the product is sold at this price where one unit of it is bought: a catalogue may have further prices for larger
 * quantities. A portal that ignores the filter also returns other products' prices.
 */
function isPriceOfOne(
  { productId, quantityFrom, quantityTo }: z.output<typeof catalogPrices>["prices"][number],
  id: number,
): boolean {
  const isOfProduct = productId === null || productId === id;
  // Zero as the upper limit is no limit.
  return isOfProduct && (quantityFrom ?? 1) <= 1 && (quantityTo || 1) >= 1;
}

/** Null if the portal does not tell: it tells the rates to administrators alone. A rate without a figure is "no VAT". */
function rateOf(vatId: number, rates: Outcome<unknown> | undefined): number | null {
  const parsed = rates?.ok ? vatRates.safeParse(rates.value).data : undefined;
  const found = parsed?.vats.find(({ id }) => id === vatId);
  return found ? (found.rate ?? 0) : null;
}

/** The base price type, at whose price managers sell. Null if the portal does not return it. */
function baseTypeOf(types: Outcome<unknown> | undefined): number | null {
  const parsed = types?.ok ? priceTypes.safeParse(types.value).data : undefined;
  return parsed?.priceTypes.find(({ base }) => isYes(base))?.id ?? null;
}

/**
 * `closed`: what was missing for the catalogue, so that a product that this method does not find may still exist. It refuses with
 * a sentence in the portal's language and no code: a right that the catalogue misses by a code of its own is missing here too.
 */
async function readOldProduct(
  client: Bitrix24Client,
  id: number,
  { priceUsd }: CrmSettings,
  closed: { right: boolean; scope: boolean },
): Promise<Known> {
  try {
    const { result } = await client.call("crm.product.get", { id });
    const product = parseAnswer("crm.product.get", oldProduct, result, "outage");
    const inUsd = product.CURRENCY_ID === "USD" && Number.isFinite(product.PRICE);
    return {
      ...unreadable,
      name: product.NAME,
      priceUsd: inUsd ? product.PRICE : undefined,
      readable: true,
      active: !isNo(product.ACTIVE),
    };
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    const mayExist = closed.right || (closed.scope && priceUsd !== undefined);
    if (lacksRight(error) || (mayExist && error.kind === "refused")) return unreadable;
    if (error.kind === "refused") throw blockedBy("PRODUCT_NOT_FOUND");
    throw error;
  }
}

const isClosed = (outcome: Outcome<unknown> | undefined, lacks: (error: Bitrix24Error) => boolean): boolean =>
  outcome !== undefined && !outcome.ok && lacks(outcome.error);

const lacksScope = ({ code }: Bitrix24Error): boolean => code === "INSUFFICIENT_SCOPE";

/** The catalogue's codes for a missing right: to the catalogue, and to this product. */
const noRightCodes = new Set(["200040300010", "200040300040"]);

/** The catalogue uses numeric codes for a missing right; the older methods have an empty code and a sentence. */
function lacksRight({ code, status, sentence }: Bitrix24Error): boolean {
  if (code === "ACCESS_DENIED" || noRightCodes.has(code)) return status !== 401;
  return /^(EMPTY_CODE|0)$/.test(code) && /access\W+denied|доступ\W+запрещ/iu.test(sentence ?? "");
}

const listMethod = "crm.item.productrow.list";

/** More pages than this were not entered by hand. */
const mostPages = 20;

/**
 * All product rows of each deal by user, or the error of that deal; an error of one deal does not affect the others. A
 * page holds fifty rows, and ours may be on any page: in an order of their own, since without it a row may move to a
 * page that was read already. This method is documented with directions in small letters.
 */
export async function rowsOnDeals(
  batchRunner: BatchRunner,
  people: Pick<DealOwner, "userId" | "dealId" | "isolated">[],
): Promise<Map<number, SoldRow[] | Bitrix24Error>> {
  const read = new Map<number, SoldRow[] | Bitrix24Error>(people.map(({ userId }) => [userId, []]));
  let asked = people;
  for (let page = 0; asked.length > 0 && page < mostPages; page++) {
    const outcomes = await batchRunner.send(
      asked.map(({ dealId, isolated }) => ({
        kind: "read",
        method: listMethod,
        params: {
          filter: { "=ownerType": "D", "=ownerId": dealId },
          order: { id: "asc" },
          ...(page > 0 ? { start: page * pageSize } : {}),
        },
        isolated,
      })),
    );
    asked = asked.filter(({ userId }, index) => {
      const outcome = outcomes[index] as Outcome<unknown>;
      const rows = outcome.ok ? readRows(outcome.value) : outcome.error;
      const before = read.get(userId);
      read.set(userId, rows instanceof Bitrix24Error ? rows : [...(Array.isArray(before) ? before : []), ...rows]);
      return Array.isArray(rows) && rows.length >= pageSize;
    });
  }
  return read;
}

/** An answer that cannot be parsed is an error of that deal only. */
function readRows(value: unknown): SoldRow[] | Bitrix24Error {
  try {
    return parseAnswer(listMethod, productRows, value).productRows;
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}

import type { CrmSettings, ProductInfo } from "./fields";
import { catalogPrices, catalogProduct, oldProduct, parseAnswer, productRows } from "./responses";
import type { SoldRow } from "./sale";
import type { DealOwner } from "./tasks";
import type { Outcome } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

const misconfigured = (code: "PRODUCT_NOT_FOUND" | "PRODUCT_PRICE_NOT_USD") =>
  new Bitrix24Error({ code, kind: "blocked", applied: "no", method: "catalog.product.get" });

interface Listed {
  name: string;
  priceUsd: number | undefined;
}

/**
 * The product of the deals and its price in US dollars: BITRIX24_PRICE_USD, else the product's own price, which must
 * then be in USD. Throws Bitrix24Error of kind `blocked` (PRODUCT_NOT_FOUND, PRODUCT_PRICE_NOT_USD): registrations
 * wait until somebody corrects it, since a deal with a wrong amount is worse than a late one.
 */
export async function fetchProductInfo(client: Bitrix24Client, settings: CrmSettings): Promise<ProductInfo> {
  const id = settings.productId;
  const [product, prices] = await client.batch([
    { method: "catalog.product.get", params: { id } },
    { method: "catalog.price.list", params: { filter: { productId: id } } },
  ]);
  const listed = readCatalog(product, prices) ?? (await readOldProduct(client, id));
  const priceUsd = settings.priceUsd ?? listed.priceUsd;
  if (priceUsd === undefined) throw misconfigured("PRODUCT_PRICE_NOT_USD");
  return { id, name: listed.name, priceUsd };
}

/** Null where the webhook has no catalog scope, so that the older method is worth a try. */
function readCatalog(product: Outcome<unknown> | undefined, prices: Outcome<unknown> | undefined): Listed | null {
  if (!product?.ok || !prices?.ok) {
    const errors = [product, prices].flatMap((outcome) => (outcome && !outcome.ok ? [outcome.error] : []));
    const serious = errors.find((error) => error.kind === "limit" || error.kind === "outage");
    if (serious) throw serious;
    return null;
  }
  const { name } = parseAnswer("catalog.product.get", catalogProduct, product.value, "outage").product;
  const usd = parseAnswer("catalog.price.list", catalogPrices, prices.value, "outage")
    .prices.filter(({ currency, price }) => currency === "USD" && Number.isFinite(price))
    .sort((a, b) => a.catalogGroupId - b.catalogGroupId);
  return { name, priceUsd: usd[0]?.price };
}

async function readOldProduct(client: Bitrix24Client, id: number): Promise<Listed> {
  try {
    const { result } = await client.call("crm.product.get", { id });
    const product = parseAnswer("crm.product.get", oldProduct, result, "outage");
    const inUsd = product.CURRENCY_ID === "USD" && Number.isFinite(product.PRICE);
    return { name: product.NAME, priceUsd: inUsd ? product.PRICE : undefined };
  } catch (error) {
    if (error instanceof Bitrix24Error && error.kind === "refused") throw misconfigured("PRODUCT_NOT_FOUND");
    throw error;
  }
}

const listMethod = "crm.item.productrow.list";

/** The rows of each deal by user, or why they could not be read; a deal's failure is its own. */
export async function rowsOnDeals(
  batchRunner: BatchRunner,
  people: Pick<DealOwner, "userId" | "dealId" | "isolated">[],
): Promise<Map<number, SoldRow[] | Bitrix24Error>> {
  const outcomes = await batchRunner.send(
    people.map(({ dealId, isolated }) => ({
      kind: "read",
      method: listMethod,
      params: { filter: { "=ownerType": "D", "=ownerId": dealId } },
      isolated,
    })),
  );
  return new Map(
    people.map(({ userId }, index): [number, SoldRow[] | Bitrix24Error] => {
      const outcome = outcomes[index] as Outcome<unknown>;
      return [userId, outcome.ok ? readRows(outcome.value) : outcome.error];
    }),
  );
}

/** An answer that cannot be understood is that deal's failure, not the failure of all. */
function readRows(value: unknown): SoldRow[] | Bitrix24Error {
  try {
    return parseAnswer(listMethod, productRows, value).productRows;
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}

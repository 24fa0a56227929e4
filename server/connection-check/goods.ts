import { z } from "zod";
import type { CrmSettings } from "../bitrix24/crm-settings";
import type { ProductFacts } from "../bitrix24/product";
import { anything } from "../bitrix24/responses";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { isCharged } from "../forms/products";
import { type Check, check, refused } from "./check";
import type { Asked, CheckDeps, Read } from "./questions";

const currencies = z.array(z.object({ CURRENCY: anything }));

/** Fails only if deals cannot be created: the product is missing, or has no price in USD. */
export const product = ({ bitrix24 }: CheckDeps, answers: Asked["product"]): Promise<Check> =>
  productOf(bitrix24.settings, () => bitrix24.products.read(bitrix24.settings, answers));

/** The same for the product of these settings. `readFacts` may throw Bitrix24Error. */
export async function productOf(settings: CrmSettings, readFacts: () => Promise<ProductFacts>): Promise<Check> {
  try {
    const { id, priceUsd, readable, active, hasVariations, otherPriceType, beforeVat } = await readFacts();
    const facts = { id, ...(priceUsd === undefined ? {} : { priceUsd }) };
    const stops = priceUsd === undefined ? "fail" : "warn";
    if (!readable) return check("product", stops, { ...facts, unreadable: 1 });
    if (hasVariations) return check("product", stops, { ...facts, variations: 1 });
    if (priceUsd === undefined) return check("product", "fail", { ...facts, code: "PRODUCT_PRICE_NOT_USD" });
    if (settings.priceUsd === undefined && !isCharged(priceUsd))
      return check("product", "warn", { ...facts, unpriced: 1 });
    if (!active) return check("product", "warn", { ...facts, inactive: 1 });
    if (otherPriceType && settings.priceUsd === undefined) return check("product", "warn", { ...facts, otherType: 1 });
    if (beforeVat && settings.priceUsd === undefined) return check("product", "warn", { ...facts, beforeVat: 1 });
    return check("product", "ok", facts);
  } catch (error) {
    if (error instanceof Bitrix24Error) return check("product", "fail", { code: error.code, id: settings.productId });
    throw error;
  }
}

/** Employees without access to the CRM's settings cannot read the list, and registrations do not need it. */
export function currency(read: Read): Check {
  const list = read("currencies", currencies);
  if (list instanceof Bitrix24Error) return refused("currency", list, "warn");
  // A portal always has a currency: an empty list is one that this webhook may not see.
  if (list.length === 0) return check("currency", "warn");
  return check("currency", list.some(({ CURRENCY }) => CURRENCY === "USD") ? "ok" : "fail");
}

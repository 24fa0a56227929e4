import type { ProductRow } from "../crm/product-rows";
import { asMap, emptyMap, type Value, type ValueMap } from "../protocol/values";

const names = [
  ["PRODUCT_ID", "productId"],
  ["PRODUCT_NAME", "productName"],
  ["PRICE", "price"],
  ["QUANTITY", "quantity"],
  ["DISCOUNT_TYPE_ID", "discountTypeId"],
  ["DISCOUNT_RATE", "discountRate"],
  ["DISCOUNT_SUM", "discountSum"],
  ["TAX_RATE", "taxRate"],
  ["TAX_INCLUDED", "taxIncluded"],
  ["MEASURE_CODE", "measureCode"],
  ["MEASURE_NAME", "measureName"],
  ["SORT", "sort"],
  ["XML_ID", "xmlId"],
] as const;

/** A row of `crm.deal.productrows.set` under the names of `crm.item.productrow.set`. */
export function readLegacyRow(value: Value): ValueMap | undefined {
  const input = Array.isArray(value) ? undefined : asMap(value);
  if (!input) return undefined;
  const row = emptyMap();
  for (const [upper, name] of names) if (input[upper] !== undefined) row[name] = input[upper];
  return row;
}

/** Neither the strings of its family nor plain numbers: ids of row and owner and the account price are text, the rest is not. */
export function shapeLegacyRow(row: ProductRow): ValueMap {
  return {
    ID: String(row.id),
    OWNER_ID: String(row.ownerId),
    OWNER_TYPE: "D",
    PRODUCT_ID: row.productId,
    PRODUCT_NAME: row.productName,
    ORIGINAL_PRODUCT_NAME: row.productName,
    PRICE: row.price,
    PRICE_EXCLUSIVE: row.priceExclusive,
    PRICE_NETTO: row.priceNetto,
    PRICE_BRUTTO: row.priceBrutto,
    PRICE_ACCOUNT: row.priceAccount.toFixed(2),
    QUANTITY: row.quantity,
    DISCOUNT_TYPE_ID: row.discountTypeId,
    DISCOUNT_RATE: row.discountRate,
    DISCOUNT_SUM: row.discountSum,
    TAX_RATE: row.taxRate,
    TAX_INCLUDED: row.taxIncluded,
    CUSTOMIZED: row.customized,
    MEASURE_CODE: row.measureCode,
    MEASURE_NAME: row.measureName,
    SORT: row.sort,
    XML_ID: row.xmlId,
    TYPE: row.type,
    STORE_ID: null,
    RESERVE_ID: null,
    RESERVE_QUANTITY: null,
  };
}

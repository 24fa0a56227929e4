import { formatNumber } from "~/i18n/format";
import type { Locale } from "~/i18n/locale";
import type { Sale } from "~server/bitrix24/sale";

const amountOf = (locale: Locale, { amount, currency }: Sale): string =>
  amount === null ? currency : `${formatNumber(locale, amount)} ${currency}`;

/** For example "product 1777 for 49 USD". */
export function saleEn(sale: Sale): string {
  const rows = sale.rows.map(({ productId, quantity }) => {
    const product = productId === null ? "a product without a number" : `product ${productId}`;
    return quantity === 1 || quantity === null ? product : `${product} × ${formatNumber("en", quantity)}`;
  });
  return `${rows.join(", ") || "no product"} for ${amountOf("en", sale)}`;
}

/** The same in Russian. */
export function saleRu(sale: Sale): string {
  const rows = sale.rows.map(({ productId, quantity }) => {
    const product = productId === null ? "товар без номера" : `товар ${productId}`;
    return quantity === 1 || quantity === null ? product : `${product} × ${formatNumber("ru", quantity)}`;
  });
  return `${rows.join(", ") || "без товаров"}, ${amountOf("ru", sale)}`;
}

import { toCents } from "../protocol/values";
import type { World } from "../world";
import { pricing, readRow, rowOf } from "./product-rows";
import type { Deal } from "./records";

/** How many units of the deal's new currency one of its old is worth, by the portal's own rates. */
function rateBetween(world: World, from: string, to: string): number {
  const { currencies } = world.settings;
  const rateOf = (code: string) => currencies.find((currency) => currency.code === code)?.rate ?? 1;
  return rateOf(from) / rateOf(to);
}

/** Writes the rows of a deal in another currency, and answers what the whole deal comes to in it. */
export function convertRows(world: World, deal: Deal, currency: string): number {
  const rate = rateBetween(world, deal.currencyId, currency);
  const rows = world.rows.get(deal.id);
  const converted = rows?.map((row, index) => {
    const input = { ...pricing(row), price: toCents(row.price * rate), discountSum: toCents(row.discountSum * rate) };
    return rowOf(world, { ...deal, currencyId: currency }, input, index, row.id);
  });
  if (converted) world.rows.set(deal.id, converted);
  return toCents(deal.opportunity * rate);
}

/** Puts another product into the place of one, in the same quantity. */
export function swapProduct(world: World, deal: Deal, from: number, to: number, price?: number): void {
  const rows = world.rows.get(deal.id) ?? [];
  if (!rows.some(({ productId }) => productId === from)) throw new RangeError(`Deal ${deal.id} has no product ${from}`);
  const product = world.settings.products.find(({ id }) => id === to);
  const listed = product ? toCents(product.price * rateBetween(world, product.currency, deal.currencyId)) : 0;
  const swapped = rows.map((row, index) => {
    if (row.productId !== from) return row;
    const input = { productId: to, price: price ?? listed, quantity: row.quantity, sort: row.sort };
    return readRow(world, deal, input, index, row.id);
  });
  world.rows.set(deal.id, swapped);
}

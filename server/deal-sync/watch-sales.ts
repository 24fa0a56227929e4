import type { PortalDeal } from "../bitrix24/deals";
import { rowsOnDeals } from "../bitrix24/product";
import { isInUsd, type Sale, sellsProduct, stillSells } from "../bitrix24/sale";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { listChangedSale } from "../conflicts/changed-sale";
import { endConflicts } from "../conflicts/conflicts";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

type Deps = Pick<Services, "db" | "bitrix24" | "env">;

/**
 * Reads what these deals sell. Each of them was complete once, so another currency, price or product is a manager's
 * change: it is listed as a conflict and nothing is written. Returns the users whose product rows were read. Throws
 * Bitrix24Error if the portal does not answer.
 */
export async function watchSales(
  { db, bitrix24, env }: Deps,
  rows: DealRow[],
  deals: Map<number, PortalDeal>,
): Promise<Set<number>> {
  const present = rows.filter((row) => {
    const deal = deals.get(row.dealId);
    // If the deal is unchanged since its products were read, the comparison has another reason and needs no second
    // read. Where the portal tells no time of change, nothing shows that it is unchanged.
    return deal && (!deal.updatedTime || deal.updatedTime !== row.updatedTime);
  });
  if (present.length === 0) return new Set();
  const sold = await rowsOnDeals(
    bitrix24.batchRunner,
    present.map(({ userId, dealId }) => ({ userId, dealId, isolated: false })),
  );
  const seen = new Set<number>();
  const calm: number[] = [];
  for (const row of present) {
    const productRows = sold.get(row.userId);
    if (productRows === undefined || productRows instanceof Bitrix24Error) continue;
    seen.add(row.userId);
    const { currencyId, amount } = deals.get(row.dealId) as PortalDeal;
    const now: Sale = { currency: currencyId, amount, rows: productRows };
    const holds = row.sale ? stillSells(now, row.sale) : sellsProduct(now, env.BITRIX24_PRODUCT_ID);
    // A currency that is not told is no proof that a changed one is changed back.
    if (holds && currencyId) calm.push(row.userId);
    if (!holds) await listChangedSale(db, row, now);
  }
  await endConflicts(db, calm, ["SALE_CHANGED"]);
  return seen;
}

/**
 * Whether the deal's currency or amount alone shows that the sale may have changed; the product rows are not known
 * here.
 */
export function looksChanged({ sale }: DealRow, { currencyId, amount }: PortalDeal): boolean {
  if (!sale) return !isInUsd({ currency: currencyId });
  return !stillSells({ currency: currencyId, amount, rows: sale.rows }, sale);
}

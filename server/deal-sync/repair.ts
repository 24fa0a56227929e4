import { type PortalDeal, updateDeals } from "../bitrix24/deals";
import { productsOnDeals, rowWork } from "../bitrix24/product-rows";
import type { ProgressPort } from "../bitrix24/progress";
import { runPhase, type Work } from "../bitrix24/run-phase";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

/**
 * Mends what can only be meant one way on deals of ours: another currency than the price was given in, and a product
 * row that is missing. Returns how many were mended; what could not be is left to the next reconciliation. Throws Bitrix24Error
 * when the portal does not answer.
 */
export async function repairDeals(
  { bitrix24, log }: Pick<Services, "bitrix24" | "log">,
  rows: DealRow[],
  deals: Map<number, PortalDeal>,
): Promise<number> {
  const standing = rows.filter((row) => deals.has(row.dealId));
  if (standing.length === 0) return 0;
  const product = await bitrix24.getProductInfo();

  const wrongCurrency = standing.filter((row) => deals.get(row.dealId)?.currencyId !== "USD");
  const corrected = await updateDeals(
    bitrix24.batchRunner,
    wrongCurrency.map(({ dealId }) => ({ dealId, fields: { currencyId: "USD" } })),
  );

  const owners = standing.map(({ userId, dealId }) => ({
    userId,
    dealId,
    isolated: false,
    // Each for itself: one deal that refuses its row must not keep the others from theirs.
    refusedBefore: true,
  }));
  const present = await productsOnDeals(bitrix24.batchRunner, owners);
  const work = owners.flatMap((owner): Work[] => {
    const products = present.get(owner.userId);
    if (products === undefined || products instanceof Bitrix24Error || products.includes(product.id)) return [];
    return [rowWork(owner, products, product)];
  });
  const made = await runPhase(bitrix24.batchRunner, work, silent, new Map());
  for (const userId of made.keys()) log.info({ userId }, "a missing product row was set");
  return corrected.filter((outcome) => outcome.ok).length + made.size;
}

/** Repeating these repairs is harmless, so no progress has to be kept. */
const silent: ProgressPort = {
  markInFlight: async () => {},
  record: async () => {},
  clearInFlight: async () => {},
  assign: async () => new Map(),
};

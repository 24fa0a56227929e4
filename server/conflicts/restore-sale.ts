import { readDeals, updateDeals } from "../bitrix24/deals";
import { productRow } from "../bitrix24/fields";
import { claimOf } from "../bitrix24/marks";
import { sentProduct } from "../bitrix24/product-info";
import { parseAnswer, productRows, unproven } from "../bitrix24/responses";
import { settledSale } from "../bitrix24/sale";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";

/**
 * Restores what the registration sold: currency, amount and product rows. Safe to repeat. CONFLICT if the deal no
 * longer exists, is no longer the person's, or has another external id. Throws Bitrix24Error if the portal refuses.
 */
export async function restoreSale(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { userId, portalId: dealId }: { userId: number; portalId: number },
): Promise<void> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { bitrix24DealId: true, crmSale: true, crmProduct: true },
  });
  if (user.bitrix24DealId !== dealId) throw notPossible();
  const deal = (await readDeals(bitrix24.batchRunner, [dealId])).get(dealId);
  const claim = deal && claimOf(await bitrix24.marks(), deal, userId);
  if (claim !== "ours" && claim !== "legacy") throw notPossible();

  const settled = settledSale(user.crmSale, dealId);
  const sold = settled?.rows.filter(({ productId }) => productId !== null) ?? [];
  const rows = sold.length > 0 ? sold : [productRow(sentProduct(user.crmProduct) ?? (await bitrix24.getProductInfo()))];
  const amount = settled?.amount ?? rows.reduce((sum, { price, quantity }) => sum + (price ?? 0) * (quantity ?? 1), 0);
  const [changed] = await updateDeals(bitrix24.batchRunner, [
    { dealId, fields: { currencyId: "USD", opportunity: amount, isManualOpportunity: "Y" } },
  ]);
  if (changed && !changed.ok) throw changed.error;
  const method = "crm.item.productrow.set";
  const { result } = await bitrix24.client.call(method, { ownerType: "D", ownerId: dealId, productRows: rows });
  const stored = parseAnswer(method, productRows, result).productRows;
  if (!rows.every(({ productId }) => stored.some((each) => each.productId === productId))) throw unproven(method);
}

import { readDeals, updateDeals } from "../bitrix24/deals";
import { productRow } from "../bitrix24/fields";
import { sentProduct } from "../bitrix24/product-info";
import { setRowMethod } from "../bitrix24/progress";
import { parseAnswer, productRows, unproven } from "../bitrix24/responses";
import { type SettledSale, settledSale } from "../bitrix24/sale";
import { ownDeals } from "../crm/own-deals";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";

/**
 * Whether what a deal sold can be written again. Of a row of free text only the price is stored. A deal without rows is
 * given the registration's product at its price in US dollars, but never a deal that an administrator has chosen.
 */
export const isRestorable = (sale: SettledSale | null): boolean =>
  sale === null ||
  (sale.rows.length > 0
    ? sale.rows.every(({ productId }) => productId !== null)
    : !sale.chosen && sale.currency === "USD");

/**
 * Restores what the registration sold: currency, amount and product rows. Safe to repeat. CONFLICT if that cannot be
 * written again, or if the deal no longer exists, is no longer the person's, or has another external id. Throws
 * Bitrix24Error if the portal refuses.
 */
export async function restoreSale(
  deps: Pick<Services, "db" | "bitrix24" | "log">,
  { userId, portalId: dealId }: { userId: number; portalId: number },
): Promise<void> {
  const { db, bitrix24 } = deps;
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      email: true,
      phone: true,
      bitrix24ContactId: true,
      bitrix24DealId: true,
      crmSale: true,
      crmProduct: true,
    },
  });
  const sale = settledSale(user.crmSale, dealId);
  if (user.bitrix24DealId !== dealId || !isRestorable(sale)) throw notPossible();
  const deals = await readDeals(bitrix24.batchRunner, [dealId]);
  const { email, phone, bitrix24ContactId: contactId } = user;
  const { own, unread } = await ownDeals(deps, [{ userId, dealId, contactId, email, phone, sale }], deals);
  const error = unread.get(userId);
  if (error) throw error;
  if (!deals.has(dealId) || own.length === 0) throw notPossible();

  const rows = sale?.rows.length
    ? sale.rows
    : [productRow(sentProduct(user.crmProduct) ?? (await bitrix24.getProductInfo()))];
  const amount = sale?.amount ?? rows.reduce((sum, { price, quantity }) => sum + (price ?? 0) * (quantity ?? 1), 0);
  const currencyId = sale?.currency ?? "USD";
  const [changed] = await updateDeals(bitrix24.batchRunner, [
    // The portal did not tell the currency of the sale: the deal keeps the one that it has.
    { dealId, fields: { ...(currencyId && { currencyId }), opportunity: amount, isManualOpportunity: "Y" } },
  ]);
  if (changed && !changed.ok) throw changed.error;
  const { result } = await bitrix24.client.call(setRowMethod, { ownerType: "D", ownerId: dealId, productRows: rows });
  const stored = parseAnswer(setRowMethod, productRows, result).productRows;
  if (!rows.every(({ productId }) => stored.some((each) => each.productId === productId))) throw unproven(setRowMethod);
}

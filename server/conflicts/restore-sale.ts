import { readDeals, updateDeals } from "../bitrix24/deals";
import { productRow } from "../bitrix24/fields";
import { rowsOnDeals } from "../bitrix24/product";
import { sentProduct } from "../bitrix24/product-info";
import { setRowMethod } from "../bitrix24/progress";
import { parseAnswer, productRows, unproven } from "../bitrix24/responses";
import { type Sale, type SettledSale, sameSale, settledSale, stillSells } from "../bitrix24/sale";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { ownDeals } from "../crm/own-deals";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";
import { listChangedSale } from "./changed-sale";

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
 * written again, or if the deal no longer exists, is no longer the person's, or has another external id; also if it sells
 * something else by now than the administrator was shown, which then is listed. Throws Bitrix24Error if the portal refuses.
 */
export async function restoreSale(
  deps: Pick<Services, "db" | "bitrix24" | "log">,
  { userId, portalId: dealId }: { userId: number; portalId: number },
  shown: Sale | null,
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
  const deal = deals.get(dealId);
  if (shown && deal) {
    const onDeal = (await rowsOnDeals(bitrix24.batchRunner, [{ userId, dealId, isolated: false }])).get(userId);
    if (onDeal instanceof Bitrix24Error) throw onDeal;
    const now = { currency: deal.currencyId, amount: deal.amount, rows: onDeal ?? [] };
    const wanted = { currency: currencyId, amount, rows };
    if (!isBetween(now, shown, wanted)) {
      if (!stillSells(now, wanted)) await listChangedSale(db, { userId, dealId, sale }, now);
      throw notPossible();
    }
  }
  const [changed] = await updateDeals(bitrix24.batchRunner, [
    // The portal did not tell the currency of the sale: the deal keeps the one that it has.
    { dealId, fields: { ...(currencyId && { currencyId }), opportunity: amount, isManualOpportunity: "Y" } },
  ]);
  if (changed && !changed.ok) throw changed.error;
  const { result } = await bitrix24.client.call(setRowMethod, { ownerType: "D", ownerId: dealId, productRows: rows });
  const stored = parseAnswer(setRowMethod, productRows, result).productRows;
  if (!rows.every(({ productId }) => stored.some((each) => each.productId === productId))) throw unproven(setRowMethod);
}

/** An earlier attempt, of which the portal refused a part, may have restored the currency and the amount, or all. */
const isBetween = (now: Sale, shown: Sale, wanted: Sale): boolean =>
  [shown, wanted].some(({ currency, amount }) =>
    [shown, wanted].some(({ rows }) => sameSale(now, { currency, amount, rows })),
  );

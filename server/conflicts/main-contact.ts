import { readDeals } from "../bitrix24/deals";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";

/**
 * Makes sure that the contact is still the main one of the person's deal: since the conflict was listed, managers may have
 * chosen another. Throws CONFLICT if it is not, and Bitrix24Error.
 */
export async function assertMainContact(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { userId, portalId: contactId }: { userId: number; portalId: number },
): Promise<void> {
  const { bitrix24DealId: dealId } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { bitrix24DealId: true },
  });
  const deals = await readDeals(bitrix24.batchRunner, dealId === null ? [] : [dealId]);
  if (dealId === null || deals.get(dealId)?.contactId !== contactId) throw notPossible();
}

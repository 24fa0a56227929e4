import type { Tx } from "../database/db";
import type { Services } from "../services";

/**
 * Enqueues the person if their contact was linked by an e-mail that they have confirmed: it may be given a missing phone, see
 * deal-sync/offer-phone.ts.
 */
export async function enqueuePhoneOffer(tx: Tx, queue: Services["queue"], userId: number): Promise<void> {
  const linked = await tx.user.count({
    where: { id: userId, crmState: "SYNCED", crmContactBy: "email", emailConfirmedAt: { not: null } },
  });
  if (linked > 0) await queue.enqueue(tx, "crm-payment", userId);
}

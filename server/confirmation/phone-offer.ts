import type { Tx } from "../database/db";
import type { Services } from "../services";

/** A contact that was linked by an e-mail which the person has confirmed may be given a missing phone: see deal-sync/offer-phone.ts. */
export async function enqueuePhoneOffer(tx: Tx, queue: Services["queue"], userId: number): Promise<void> {
  const linked = await tx.user.count({
    where: { id: userId, crmState: "SYNCED", crmContactBy: "email", emailConfirmedAt: { not: null } },
  });
  if (linked > 0) await queue.enqueue(tx, "crm-payment", userId);
}

import type { Tx } from "../database/db";
import type { Services } from "../services";

/** Who may be offered for a contact's missing phone: the contact was linked by an e-mail that the person has confirmed. */
export const linkedByConfirmedEmail = { crmContactBy: "email", emailConfirmedAt: { not: null } };

/**
 * Enqueues the person if the contact may be given a missing phone, see deal-sync/offer-phone.ts. Who confirms before the
 * registration is complete is enqueued when it is, see payments/enqueue-paid.ts.
 */
export async function enqueuePhoneOffer(tx: Tx, queue: Services["queue"], userId: number): Promise<void> {
  const linked = await tx.user.count({ where: { id: userId, crmState: "SYNCED", ...linkedByConfirmedEmail } });
  if (linked > 0) await queue.enqueue(tx, "crm-payment", userId);
}

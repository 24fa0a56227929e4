import { readDeals } from "../bitrix24/deals";
import { withKnownStages } from "../bitrix24/known-stages";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";

/**
 * Makes sure that the person's deal is still lost, or still is not: since the conflict was listed, managers may have
 * reopened and won it, and a payment that is taken back here would move it back; or they may have lost it, and its loss
 * is a decision of its own. Throws CONFLICT if it is otherwise, and has both sides compared; and Bitrix24Error.
 */
export async function assertLossIs(
  isLost: boolean,
  { db, bitrix24, queue }: Pick<Services, "db" | "bitrix24" | "queue">,
  { userId, portalId: dealId }: { userId: number; portalId: number },
): Promise<void> {
  const user = await db.user.findUniqueOrThrow({ where: { id: userId }, select: { bitrix24DealId: true } });
  if (user.bitrix24DealId !== dealId) throw notPossible();
  const deals = await readDeals(bitrix24.batchRunner, [dealId]);
  const known = await withKnownStages(bitrix24.stages, [...deals.values()]);
  // F: a stage of failure, however managers call it.
  if ((known.get(dealId)?.semantic === "F") === isLost) return;
  await queue.ensure("crm-payment", [userId], priorities.resend);
  throw notPossible();
}

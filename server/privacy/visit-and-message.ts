import type { Erasure } from "../../prisma/generated/client";
import type { Marked } from "../bitrix24/marks";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Tx } from "../database/db";
import type { Services } from "../services";
import { removeTrace } from "./erased-trace";
import { takeMessageBack } from "./take-message-back";

/**
 * Removes what the portal holds of an erased person outside the records: the visit in Sales Intelligence, and the message to
 * the responsible person. What fails is returned, not thrown, so that it holds up no record.
 */
export async function removeVisitAndMessage(
  deps: Pick<Services, "db" | "bitrix24" | "log">,
  erasure: Erasure,
  deals: Marked[],
): Promise<Bitrix24Error[]> {
  const failures = await removeTrace(deps, erasure);
  return [...failures, ...(await takeMessageBack(deps, erasure, deals))];
}

/** Gives up what the portal has refused to remove. */
export async function giveUpVisitAndMessage(tx: Tx, userId: number): Promise<void> {
  await tx.$executeRaw`
    update "Erasure" set "traceOpen" = "traceOpen" or "traceId" is not null, "traceId" = null, "toldAt" = null
    where "userId" = ${userId}`;
}

/** How many visits may remain: one that was given up, or whose id never arrived; the portal cannot look visits up. */
export async function tracesLeft(tx: Tx, userId: number): Promise<number> {
  const { traceId, traceOpen } = await tx.erasure.findUniqueOrThrow({
    where: { userId },
    select: { traceId: true, traceOpen: true },
  });
  return traceId === null && traceOpen ? 1 : 0;
}

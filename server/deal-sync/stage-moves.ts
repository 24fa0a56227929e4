import type { PortalDeal } from "../bitrix24/deals";
import type { Tx } from "../database/db";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";
import { type PaidStage, unpaidStage } from "./decide";

type Deps = Pick<Services, "db" | "bitrix24">;

/**
 * Whether the deal stands in another stage than when it was last seen, and not because this installation moved it: the
 * outcome of an own move may be unknown until the deal is read.
 */
export function isMovedThere({ seen, known }: DealRow, deal: PortalDeal, paid: PaidStage | undefined): boolean {
  if (seen === null || seen.stageId === deal.stageId) return false;
  if (known.pushedPaid === null || !paid) return true;
  return deal.stageId !== (known.pushedPaid ? paid.stageId : unpaidStage(known, paid));
}

/**
 * Saves what was seen of a deal that was moved on the portal, and the move, together: so a move is recorded once,
 * however often the deal is read. Another process may have seen the same move meanwhile.
 */
export async function recordMove(
  { db, bitrix24 }: Deps,
  { userId, dealId, seen }: DealRow & { seen: NonNullable<DealRow["seen"]> },
  { deal, saveSeen }: { deal: PortalDeal; saveSeen: (tx: Tx) => Promise<unknown> },
): Promise<void> {
  const { stageId: from } = seen;
  const { stageId: to, semantic } = deal;
  await db.$transaction(async (tx) => {
    // As an erasing locks them, so that neither waits for the other: the person first, the snapshot after.
    await tx.$executeRaw`select 1 from "User" where id = ${userId} for key share`;
    const { count } = await tx.dealSnapshot.updateMany({
      where: { userId, dealId, stageId: from },
      data: { stageId: to },
    });
    await saveSeen(tx);
    if (count === 0) return;
    const names = { fromName: bitrix24.stages.knownName(from), toName: bitrix24.stages.knownName(to) };
    const at = momentOf(deal, seen.at);
    await tx.stageMove.createMany({ data: { userId, dealId, from, to, ...names, semantic, at } });
  });
}

/** The deal's last change, which a comparison at night may be the first to see; within what our own clock allows. */
function momentOf({ updatedTime }: PortalDeal, before: Date): Date {
  const changed = Date.parse(updatedTime);
  const now = Date.now();
  return new Date(Number.isNaN(changed) ? now : Math.min(Math.max(changed, before.getTime()), now));
}

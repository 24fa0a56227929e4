import type { PortalDeal } from "../bitrix24/deals";
import { openConflict } from "../conflicts/conflicts";
import type { Services } from "../services";
import { type DealRow, recordInSync, trustedTime } from "./deal-snapshot";
import { agreedDealStage, type Decision, isElsewhere, isLost, isPaidThere, type PaidStage } from "./decide";
import { failedMoves } from "./next-comparison";

// Our own moves of deals, from before they are sent until their outcome is known. Each update may be repeated.

type Deps = Pick<Services, "db">;

export interface Move {
  row: DealRow;
  decision: Extract<Decision, { kind: "outbound" }>;
  /** As it was before the move. */
  deal: PortalDeal;
  stage: PaidStage | undefined;
}

/** A robot of the stage may have moved the deal on at once; one that stands where it stood was not moved. */
export function isMoved({ decision, deal, stage }: Move, now: PortalDeal): boolean {
  if (now.stageId === decision.stageId) return true;
  if (stage === undefined || now.stageId === deal.stageId) return false;
  return isPaidThere(now, stage) === decision.isPaid || (decision.isPaid && isElsewhere(now, stage));
}

/** Called before a move is sent: until its outcome is known, a difference is caused by our own move. */
export async function recordOutgoing({ db }: Deps, moves: Pick<Move, "row" | "decision">[]): Promise<void> {
  for (const isPaid of [true, false])
    await db.dealSnapshot.updateMany({
      where: {
        userId: { in: moves.filter(({ decision }) => decision.isPaid === isPaid).map(({ row }) => row.userId) },
      },
      data: { pushedPaid: isPaid },
    });
}

/** `now`: the deal as the portal stored it. */
export async function recordMoved({ db }: Deps, { row, decision, stage }: Move, now: PortalDeal): Promise<void> {
  const { isPaid } = decision;
  await db.dealSnapshot.update({
    where: { userId: row.userId },
    data: { stageId: now.stageId, updatedTime: trustedTime(now.updatedTime) },
  });
  const dealStageId = stage ? agreedDealStage(isPaid, now, row.known, stage) : null;
  await recordInSync({ db }, row, isPaid, { announced: false, dealStageId });
}

/** The move was certainly not executed, so the deal is as it was read; a later difference is a manager's change. */
const unmoved = ({ row: { known, paidStageId }, decision, deal }: Move) => ({
  pushedPaid: null,
  ...(known.pushedPaid === null || paidStageId === undefined
    ? {}
    : { agreedPaid: !decision.isPaid, agreedStageId: paidStageId, agreedDealStageId: deal.stageId }),
});

export async function recordUnmoved({ db }: Deps, move: Move): Promise<void> {
  await db.dealSnapshot.updateMany({ where: { userId: move.row.userId }, data: unmoved(move) });
}

/** After so many failures in a row administrators are told. */
const failuresToTell = 5;

/**
 * Called before a move is sent again whose outcome is not known, and whose deal has been read since and stands where it
 * stood: where the portal breaks down over it each time, that is listed, and the move is tried on.
 */
export async function listFailing({ db }: Deps, { row, decision }: Move): Promise<void> {
  if (row.known.pushedPaid !== decision.isPaid) return;
  const { failures, code } = await failedMoves(db, row);
  if (failures < failuresToTell) return;
  const { isPaid, stageId } = decision;
  await openConflict(db, {
    kind: "STAGE_REFUSED",
    userId: row.userId,
    portalId: row.dealId,
    details: { isPaid, stageId, code, retried: true },
  });
}

/**
 * The portal refuses the move: retried only when an administrator asks for it. That a lost deal be moved was asked for by
 * a decision about its loss, which is then open again, with the portal's code.
 */
export async function recordRefused({ db }: Deps, move: Move, code: string): Promise<void> {
  const { row, deal, decision } = move;
  await db.dealSnapshot.update({
    where: { userId: row.userId },
    data: { ...unmoved(move), forced: false },
  });
  const refused = isLost(deal)
    ? ({ kind: "DEAL_LOST", stageId: deal.stageId } as const)
    : ({ kind: "STAGE_REFUSED", stageId: decision.stageId } as const);
  await openConflict(db, {
    kind: refused.kind,
    userId: row.userId,
    portalId: row.dealId,
    details: { isPaid: row.isPaid, stageId: refused.stageId, code, retried: false },
  });
}

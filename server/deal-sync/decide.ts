/** A deal as far as payment is concerned. */
export interface DealSide {
  stageId: string;
  /** P in progress, S won, F lost. */
  semantic: string;
  categoryId: number;
}

/** What both sides last agreed on, and what we did since. */
export interface KnownSide {
  agreedPaid: boolean | null;
  openStageId: string | null;
  /** Payment of our own move whose outcome is open. */
  pushedPaid: boolean | null;
  /** An administrator wants the deal moved although it is lost. */
  forced: boolean;
}

export type Decision =
  /** Both sides say the same. */
  | { kind: "agree"; isPaid: boolean }
  /** The change is ours: the deal is to be moved. */
  | { kind: "push"; stageId: string; isPaid: boolean }
  /** The change is theirs: the payment is to be set here. */
  | { kind: "apply"; isPaid: boolean }
  | { kind: "conflict"; conflict: "DEAL_LOST" | "DEAL_OTHER_FUNNEL" };

export interface PaidStage {
  /** Stage of a paid deal. */
  stageId: string;
  /** Where an unpaid deal goes if nothing better is known. */
  firstStageId: string;
}

/** `C5:WON` belongs to funnel 5; stages of funnel 0 have no prefix. */
export function funnelOf(stageId: string): number {
  const match = /^C(\d+):/.exec(stageId);
  return match ? Number(match[1]) : 0;
}

export const isLost = (deal: DealSide): boolean => deal.semantic === "F";
export const isPaidThere = (deal: DealSide, { stageId }: PaidStage): boolean =>
  deal.semantic === "S" || deal.stageId === stageId;

/**
 * Decides between our payment and the deal's stage. With two values and the last agreement, exactly one side can have
 * changed when they differ, so the newest change wins without comparing clocks. A deal starts unpaid, which is the
 * agreement before the first. Events, their order and their number do not enter: that is the loop guard.
 */
export function compareDeal(isPaid: boolean, deal: DealSide, known: KnownSide, paid: PaidStage): Decision {
  const paidThere = isPaidThere(deal, paid);
  // A lost deal of somebody who has not paid is no contradiction; of somebody who has, a person must decide.
  if (isLost(deal)) {
    if (!isPaid) return { kind: "agree", isPaid };
    return known.forced ? push(isPaid, known, paid) : { kind: "conflict", conflict: "DEAL_LOST" };
  }
  if (isPaid === paidThere) return { kind: "agree", isPaid };
  const changedThere = known.pushedPaid === null && paidThere !== (known.agreedPaid ?? false);
  if (changedThere) return { kind: "apply", isPaid: paidThere };
  // A stage of another funnel would be ignored by the portal without a word.
  if (deal.categoryId !== funnelOf(paid.stageId)) return { kind: "conflict", conflict: "DEAL_OTHER_FUNNEL" };
  return push(isPaid, known, paid);
}

function push(isPaid: boolean, known: KnownSide, paid: PaidStage): Decision {
  return { kind: "push", isPaid, stageId: isPaid ? paid.stageId : (known.openStageId ?? paid.firstStageId) };
}

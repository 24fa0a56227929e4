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
  /** Stages that follow it in its funnel and are not lost. Null: the portal does not tell their order. */
  laterStageIds?: ReadonlySet<string> | null;
}

/** `C5:WON` belongs to funnel 5; stages of funnel 0 have no prefix. */
export function funnelOf(stageId: string): number {
  const match = /^C(\d+):/.exec(stageId);
  return match ? Number(match[1]) : 0;
}

export const isLost = (deal: DealSide): boolean => deal.semantic === "F";

/** A deal is paid in the paid stage and in those that follow it there, in another funnel once it is won, and lost never. */
export const isPaidThere = (deal: DealSide, { stageId, laterStageIds }: PaidStage): boolean =>
  !isLost(deal) && (deal.semantic === "S" || deal.stageId === stageId || laterStageIds?.has(deal.stageId) === true);

/**
 * Whether nobody can say if this deal stands before or after the paid stage. Before the success stage that the portal makes
 * by itself stands every other one.
 */
export const isOrderUnknown = (deal: DealSide, { stageId, laterStageIds }: PaidStage): boolean =>
  laterStageIds === null &&
  deal.semantic === "P" &&
  deal.stageId !== stageId &&
  deal.categoryId === funnelOf(stageId) &&
  !/(^|:)WON$/.test(stageId);

/**
 * Decides between our payment and the deal's stage. With two values and the last agreement, exactly one side can have
 * changed when they differ, so the newest change wins without comparing clocks. A deal starts unpaid, which is the
 * agreement before the first. Events, their order and their number do not enter: that is the loop guard.
 */
export function compareDeal(isPaid: boolean, deal: DealSide, known: KnownSide, paid: PaidStage): Decision {
  const paidThere = isPaidThere(deal, paid);
  // A lost deal of a person who has not paid is no contradiction; if the person has paid, an administrator must decide.
  if (isLost(deal)) {
    if (!isPaid) return { kind: "agree", isPaid };
    return known.forced ? push(isPaid, known, paid) : { kind: "conflict", conflict: "DEAL_LOST" };
  }
  if (isPaid === paidThere) return { kind: "agree", isPaid };
  // Taken back only where the deal is back in the stage that it had before it was paid.
  if (isOrderUnknown(deal, paid) && isPaid && known.agreedPaid === true && deal.stageId !== known.openStageId)
    return { kind: "agree", isPaid };
  const changedThere = known.pushedPaid === null && paidThere !== (known.agreedPaid ?? false);
  if (changedThere) return { kind: "apply", isPaid: paidThere };
  // A stage of another funnel would be ignored by the portal without a word.
  if (deal.categoryId !== funnelOf(paid.stageId)) return { kind: "conflict", conflict: "DEAL_OTHER_FUNNEL" };
  return push(isPaid, known, paid);
}

function push(isPaid: boolean, known: KnownSide, paid: PaidStage): Decision {
  return { kind: "push", isPaid, stageId: isPaid ? paid.stageId : (known.openStageId ?? paid.firstStageId) };
}

import { funnelOf } from "../bitrix24/funnel-stages";

/** The properties of a deal that tell its payment. */
export interface DealSide {
  stageId: string;
  /** P in progress, S won, F lost. */
  semantic: string;
  categoryId: number;
}

/** What both sides last agreed on, and what was sent since. */
export interface KnownSide {
  agreedPaid: boolean | null;
  /** The deal's stage in which they agreed. Null: not known, or it left open whether the payment stands. */
  agreedDealStageId: string | null;
  openStageId: string | null;
  /** The payment that our own move was to set, while the outcome of that move is unknown. */
  pushedPaid: boolean | null;
  /** An administrator wants the deal moved although it is lost. */
  forced: boolean;
}

export type Decision =
  /** Both sides have the same payment. */
  | { kind: "inSync"; isPaid: boolean }
  /** The payment changed here: the deal is to be moved. */
  | { kind: "outbound"; stageId: string; isPaid: boolean }
  /** The deal changed on the portal: the payment here is to be changed. */
  | { kind: "inbound"; isPaid: boolean }
  | { kind: "conflict"; conflict: "DEAL_LOST" | "DEAL_OTHER_FUNNEL" };

export interface PaidStage {
  /** Stage of a paid deal. */
  stageId: string;
  /** The stage for an unpaid deal if its earlier stage is not known. */
  firstStageId: string;
  /** Stages after the paid stage in its funnel, without lost ones. Null: the portal does not return their order. */
  laterStageIds?: ReadonlySet<string> | null;
  /** All stages of its funnel. Null: the portal does not return them. */
  stageIds?: ReadonlySet<string> | null;
}

export const isLost = (deal: DealSide): boolean => deal.semantic === "F";

/**
 * A deal is paid in the paid stage and in the stages after it. In another funnel it is paid once it is won. A lost deal
 * is unpaid.
 */
export const isPaidThere = (deal: DealSide, { stageId, laterStageIds }: PaidStage): boolean =>
  !isLost(deal) && (deal.semantic === "S" || deal.stageId === stageId || laterStageIds?.has(deal.stageId) === true);

/**
 * Whether it is unknown if this deal is before or after the paid stage, because the portal tells no order or its list
 * lacks the deal's stage. Every other stage is before the portal's built-in success stage.
 */
export const isOrderUnknown = (deal: DealSide, { stageId, laterStageIds, stageIds }: PaidStage): boolean =>
  (laterStageIds === null || stageIds?.has(deal.stageId) === false) &&
  deal.semantic === "P" &&
  deal.stageId !== stageId &&
  deal.categoryId === funnelOf(stageId) &&
  !/(^|:)WON$/.test(stageId);

/** Whether the deal goes on in another funnel, whose stages do not tell that a payment was taken back. */
export const isElsewhere = (deal: DealSide, { stageId }: Pick<PaidStage, "stageId">): boolean =>
  !isLost(deal) && deal.categoryId !== funnelOf(stageId);

/**
 * Whether a stage that is not a paid one leaves it open that the agreed payment stands; a change of ours is to be sent.
 * From the paid stage into which our own move has brought it, a robot may have sent the deal on into another funnel.
 */
export const keepsPayment = (deal: DealSide, { agreedPaid, pushedPaid }: KnownSide, paid: PaidStage): boolean =>
  isElsewhere(deal, paid)
    ? agreedPaid === true || pushedPaid === true
    : agreedPaid === true && pushedPaid === null && isOrderUnknown(deal, paid);

/**
 * Whether neither side has changed since they agreed, although they may differ: managers who put a stage of the funnel
 * before or behind the paid one change what its deals say, and have moved none of them.
 */
const isUnchanged = (
  isPaid: boolean,
  deal: DealSide,
  { agreedPaid, agreedDealStageId, pushedPaid }: KnownSide,
): boolean => pushedPaid === null && isPaid === agreedPaid && deal.stageId === agreedDealStageId;

/** The deal's stage to be kept with an agreement on this payment, see KnownSide. */
export const agreedDealStage = (isPaid: boolean, deal: DealSide, known: KnownSide, paid: PaidStage): string | null =>
  isUnchanged(isPaid, deal, known) || (isPaid === isPaidThere(deal, paid) && !isOrderUnknown(deal, paid))
    ? deal.stageId
    : null;

/**
 * Decides between our payment and the deal's stage. A payment has two values, so if the sides differ and one of them has
 * changed since the last agreement, exactly one has, and that change wins without comparing clocks. A deal starts unpaid,
 * which is the agreement before the first. Events, their order and their number have no influence, which prevents loops.
 */
export function compareDeal(isPaid: boolean, deal: DealSide, known: KnownSide, paid: PaidStage): Decision {
  const paidThere = isPaidThere(deal, paid);
  // A lost deal of an unpaid person is no contradiction. If the person has paid, an administrator must decide.
  if (isLost(deal)) {
    if (!isPaid) return { kind: "inSync", isPaid };
    return known.forced ? outbound(isPaid, known, paid) : { kind: "conflict", conflict: "DEAL_LOST" };
  }
  if (isPaid === paidThere || isUnchanged(isPaid, deal, known)) return { kind: "inSync", isPaid };
  // A paid deal goes on to those who deliver: it was paid, and its payment is taken back in its own funnel alone. With an
  // unknown order, only a deal back in the stage from before its payment proves that the payment was taken back.
  const isBack = !isElsewhere(deal, paid) && deal.stageId === known.openStageId;
  if (isPaid && !isBack && keepsPayment(deal, known, paid)) return { kind: "inSync", isPaid };
  const changedThere = known.pushedPaid === null && paidThere !== (known.agreedPaid ?? false);
  if (changedThere) return { kind: "inbound", isPaid: paidThere };
  // The portal silently ignores a move to a stage of another funnel.
  if (isElsewhere(deal, paid)) return { kind: "conflict", conflict: "DEAL_OTHER_FUNNEL" };
  return outbound(isPaid, known, paid);
}

function outbound(isPaid: boolean, known: KnownSide, paid: PaidStage): Decision {
  return { kind: "outbound", isPaid, stageId: isPaid ? paid.stageId : unpaidStage(known, paid) };
}

/** Where an unpaid deal goes back to: its own earlier stage, if that can still be its stage. */
export const unpaidStage = ({ openStageId }: KnownSide, paid: PaidStage): string =>
  openStageId !== null && isUnpaidStage(openStageId, paid) ? openStageId : paid.firstStageId;

/**
 * Whether a move to this stage leaves the deal unpaid. The portal silently ignores a move to a stage that was deleted or
 * belongs to another funnel, and the paid stage or a later one would set the payment again.
 */
export const isUnpaidStage = (
  id: string,
  { stageId, laterStageIds, stageIds }: Omit<PaidStage, "firstStageId">,
): boolean =>
  funnelOf(id) === funnelOf(stageId) &&
  id !== stageId &&
  laterStageIds?.has(id) !== true &&
  (!stageIds || stageIds.has(id));

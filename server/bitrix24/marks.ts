import { originId } from "./registrant";

/**
 * ORIGINATOR_IDs of this installation. `user-17` is unique only within one database, and several databases may stand
 * behind one portal, so what we write carries a part that was made for this database alone.
 */
export interface Marks {
  /** Written on what is made from now on. */
  own: string;
  /** Written earlier by this database: under another part, or another BITRIX24_ORIGINATOR_ID. */
  former: string[];
  /** Former ones that another installation may go on writing. What bears them is left alone. */
  held: string[];
  /** Of the time before there was a part: any installation may have written it. */
  legacy: string;
}

/** A contact or deal, as far as its mark goes. */
export interface Marked {
  originatorId: string;
  originId: string;
}

/** Whose a record is by its mark. `legacy` proves nothing unless the record also fits the person. */
export type Claim = "ours" | "legacy" | "held" | "foreign";

export function claimOf(marks: Marks, { originatorId, originId: origin }: Marked, userId: number): Claim {
  if (origin !== originId(userId)) return "foreign";
  if (originatorId === marks.own || marks.former.includes(originatorId)) return "ours";
  if (marks.held.includes(originatorId)) return "held";
  return originatorId === marks.legacy ? "legacy" : "foreign";
}

/** Whether a record bears a mark of this installation's, or of before there were parts, for another person. */
export const isOfAnother = (marks: Marks, { originatorId, originId: origin }: Marked, userId: number): boolean =>
  everyMark(marks).includes(originatorId) && origin !== "" && origin !== originId(userId);

/**
 * Whose a stored deal is. One that an administrator has chosen need not bear our mark, only none of another person's; like
 * one of before there were parts, it counts only while it fits the person.
 */
export function dealClaimOf(marks: Marks, deal: Marked, userId: number, chosen: boolean): Claim {
  const claim = claimOf(marks, deal, userId);
  return chosen && claim !== "held" && !isOfAnother(marks, deal, userId) ? "legacy" : claim;
}

/** All that this database may have written, for a list's filter. */
export const everyMark = ({ own, former, held, legacy }: Marks): string[] => [
  ...new Set([own, ...former, ...held, legacy]),
];

import { originId } from "./person";

/**
 * ORIGINATOR_IDs of this installation. `user-17` is unique only within one database, and several databases may use one
 * portal, so our external id contains a part that was generated for this database alone.
 */
export interface Marks {
  /** Written on records that are created from now on. */
  own: string;
  /** Written earlier by this database: under another part, or another BITRIX24_ORIGINATOR_ID. */
  former: string[];
  /** Former ones that another installation may still write. Records with them are left alone. */
  held: string[];
  /** The external id from before there was a part: any installation may have written it. */
  legacy: string;
}

/** The columns of a list that show whose each record is. */
export const markColumns = ["id", "originatorId", "originId"];

/** The external id of a contact or deal. */
export interface Marked {
  originatorId: string;
  originId: string;
}

/**
 * The owner of a record according to its external id. `legacy` proves nothing unless the record also fits the person.
 */
export type Claim = "ours" | "legacy" | "held" | "foreign";

/** Whether the external id names the person, be it by the legacy one. */
export const isOwn = (claim: Claim | undefined): boolean => claim === "ours" || claim === "legacy";

/** Whether this database has written it for certain. */
export const isOwnMark = ({ own, former }: Marks, originatorId: string): boolean =>
  originatorId === own || former.includes(originatorId);

export function claimOf(marks: Marks, { originatorId, originId: origin }: Marked, userId: number): Claim {
  if (origin !== originId(userId)) return "foreign";
  if (isOwnMark(marks, originatorId)) return "ours";
  if (marks.held.includes(originatorId)) return "held";
  return originatorId === marks.legacy ? "legacy" : "foreign";
}

/** Whether a record has an external id of this installation, or the legacy one, that names another person. */
export const isOfAnother = (marks: Marks, { originatorId, originId: origin }: Marked, userId: number): boolean =>
  everyMark(marks).includes(originatorId) && origin !== "" && origin !== originId(userId);

/**
 * The owner of a stored deal. A deal that an administrator has chosen need not have our external id, only none of
 * another person; like a legacy one, it counts only while it fits the person.
 */
export function dealClaimOf(marks: Marks, deal: Marked, userId: number, chosen: boolean): Claim {
  const claim = claimOf(marks, deal, userId);
  return chosen && claim !== "held" && !isOfAnother(marks, deal, userId) ? "legacy" : claim;
}

/** All external ids that this database may have written, for a list's filter. */
export const everyMark = ({ own, former, held, legacy }: Marks): string[] => [
  ...new Set([own, ...former, ...held, legacy]),
];

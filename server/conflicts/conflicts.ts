import type { Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import type { FindingAction } from "./resolve";

export type FindingKind =
  | "DEAL_DELETED"
  | "CONTACT_DELETED"
  | "DEAL_LOST"
  | "DEAL_OTHER_FUNNEL"
  | "STAGE_REFUSED"
  | "DOUBLE_DEAL"
  | "DOUBLE_CONTACT";

/** An administrator's decision to leave things as they are. */
export const dismissed = "dismiss" satisfies FindingAction;
/** Findings that still hold: those that wait for a decision, and those that were left as they are. */
export const standing = [{ resolvedAt: null }, { resolution: dismissed }];

/**
 * Notes what a person has to decide. Finding the same again changes nothing, nor does it if somebody has decided to
 * leave it as it is.
 */
export async function openFinding(
  tx: Tx,
  finding: { kind: FindingKind; userId: number; portalId: number; details?: Prisma.InputJsonObject },
): Promise<void> {
  const details = JSON.stringify(finding.details ?? {});
  await tx.$executeRaw`
    insert into "Finding" ("kind", "userId", "portalId", "details")
    select ${finding.kind}, ${finding.userId}, ${finding.portalId}, ${details}::jsonb
    where not exists (
      select 1 from "Finding"
      where "userId" = ${finding.userId} and "kind" = ${finding.kind} and "portalId" = ${finding.portalId}
        and "resolution" = ${dismissed}
    )
    on conflict ("kind", "userId", "portalId") where "resolvedAt" is null do nothing`;
}

/** Ends what is no longer true of a user. What was left as it is ends too: if it happens again, it is news again. */
export const endFindings = (tx: Tx, userId: number, kinds: FindingKind[]): Promise<void> =>
  end(tx, { userId, kind: { in: kinds } });

/** The same for findings that were looked up. */
export const endFindingsById = (tx: Tx, ids: number[]): Promise<void> => end(tx, { id: { in: ids } });

async function end(tx: Tx, which: Prisma.FindingWhereInput): Promise<void> {
  await tx.finding.updateMany({
    where: { ...which, OR: standing },
    data: { resolvedAt: new Date(), resolution: "gone" },
  });
}

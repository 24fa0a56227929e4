import type { Prisma } from "../prisma/generated/client";
import type { Tx } from "./db";
import type { Services } from "./services";

export type FindingKind =
  | "DEAL_DELETED"
  | "CONTACT_DELETED"
  | "DEAL_LOST"
  | "DEAL_OTHER_FUNNEL"
  | "STAGE_REFUSED"
  | "DOUBLE_DEAL"
  | "DOUBLE_CONTACT";

export interface FindingView {
  id: number;
  kind: FindingKind;
  userId: number;
  portalId: number;
  details: Prisma.JsonValue;
  foundAt: string;
}

/** Notes what a person has to decide; finding the same again changes nothing. */
export async function openFinding(
  tx: Tx,
  finding: { kind: FindingKind; userId: number; portalId: number; details?: Prisma.InputJsonObject },
): Promise<void> {
  const details = JSON.stringify(finding.details ?? {});
  await tx.$executeRaw`
    insert into "Finding" ("kind", "userId", "portalId", "details")
    values (${finding.kind}, ${finding.userId}, ${finding.portalId}, ${details}::jsonb)
    on conflict ("kind", "userId", "portalId") where "resolvedAt" is null do nothing`;
}

/** Ends open findings of a user: all of the kinds given, or those about one record. */
export async function resolveFindings(
  tx: Tx,
  {
    userId,
    kinds,
    portalId,
    resolution,
  }: { userId: number; kinds: FindingKind[]; portalId?: number; resolution: string },
): Promise<number> {
  const { count } = await tx.finding.updateMany({
    where: { userId, kind: { in: kinds }, resolvedAt: null, ...(portalId === undefined ? {} : { portalId }) },
    data: { resolvedAt: new Date(), resolution },
  });
  return count;
}

/** Open findings, newest first; `before` is the id of the last one already shown. */
export async function listFindings(
  { db }: Pick<Services, "db">,
  { userId, before, limit = 50 }: { userId?: number | undefined; before?: number | undefined; limit?: number } = {},
): Promise<FindingView[]> {
  const rows = await db.finding.findMany({
    where: {
      resolvedAt: null,
      ...(userId === undefined ? {} : { userId }),
      ...(before === undefined ? {} : { id: { lt: before } }),
    },
    orderBy: { id: "desc" },
    take: limit,
  });
  return rows.map(({ id, kind, userId: owner, portalId, details, foundAt }) => ({
    id,
    kind: kind as FindingKind,
    userId: owner,
    portalId,
    details,
    foundAt: foundAt.toISOString(),
  }));
}

import type { Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import type { ConflictAction } from "./resolve";

export type ConflictKind =
  | "DEAL_DELETED"
  | "CONTACT_DELETED"
  | "DEAL_OTHER_CONTACT"
  | "DEAL_LOST"
  | "DEAL_OTHER_FUNNEL"
  | "STAGE_REFUSED"
  | "SALE_CHANGED"
  | "DUPLICATE_DEAL"
  | "DUPLICATE_CONTACT";

/** An administrator has dismissed the conflict: both sides stay as they are. */
export const dismissed = "dismiss" satisfies ConflictAction;
/** Conflicts that still hold: open ones, and dismissed ones. */
export const standing = [{ resolvedAt: null }, { resolution: dismissed }];

/** Of these kinds a person may have several, about different records; all others are about the one deal or contact. */
const severalKinds: ConflictKind[] = ["DUPLICATE_DEAL", "DUPLICATE_CONTACT"];

/**
 * Opens a conflict, in place of one of the same kind about a record that was the person's before. Opening the same
 * conflict again renews what it says and keeps what it alone says; one that an administrator has dismissed stays dismissed.
 */
export async function openConflict(
  tx: Tx,
  conflict: { kind: ConflictKind; userId: number; portalId: number; details?: Prisma.InputJsonObject },
): Promise<void> {
  const { kind, userId, portalId } = conflict;
  if (!severalKinds.includes(kind)) await end(tx, { kind, userId, portalId: { not: portalId } });
  const details = JSON.stringify(conflict.details ?? {});
  await tx.$executeRaw`
    insert into "Conflict" ("kind", "userId", "portalId", "details")
    select ${conflict.kind}, ${conflict.userId}, ${conflict.portalId}, ${details}::jsonb
    where not exists (
      select 1 from "Conflict"
      where "userId" = ${userId} and "kind" = ${kind} and "portalId" = ${portalId}
        and "resolution" = ${dismissed}
    )
    on conflict ("kind", "userId", "portalId") where "resolvedAt" is null
      do update set "details" = "Conflict"."details" || excluded."details"
      where not "Conflict"."details" @> excluded."details"`;
}

/**
 * Ends conflicts of some users that are no longer true. Dismissed ones end too: if they occur again, they are opened
 * again.
 */
export const endConflicts = (tx: Tx, userIds: number[], kinds: ConflictKind[]): Promise<void> =>
  end(tx, { userId: { in: userIds }, kind: { in: kinds } });

/** Ends the conflicts with these ids. */
export const endConflictsById = (tx: Tx, ids: number[]): Promise<void> => end(tx, { id: { in: ids } });

async function end(tx: Tx, which: Prisma.ConflictWhereInput): Promise<void> {
  await tx.conflict.updateMany({
    where: { ...which, OR: standing },
    data: { resolvedAt: new Date(), resolution: "gone" },
  });
}

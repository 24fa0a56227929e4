import type { ActorKind, Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import { auditEvents } from "../platform/counters";
import { takePage } from "../platform/pages";
import type { Services } from "../services";
import { type Actor, type ActorRef, systemActor } from "./actor";
import type { AuditAction } from "./audit-actions";

export interface AuditRecord {
  actor: Actor;
  action: AuditAction;
  targetId?: number;
  /** Counts, codes and flags; never personal data. */
  details?: Prisma.InputJsonObject;
}

export interface AuditView {
  id: string;
  at: string;
  actor: ActorRef;
  action: string;
  targetId: number | null;
  details: Record<string, unknown>;
}

export interface AuditFilters {
  /** `id` null asks for a kind that has no ids; left out, for everyone of the kind. */
  actor?: { kind: ActorKind; id?: number | null | undefined } | undefined;
  action?: AuditAction | undefined;
  targetId?: number | undefined;
  /** Only older entries than this one: the `next` of the page before, digits. */
  before?: string | undefined;
  limit?: number | undefined;
}

/** Writes the entries in the caller's transaction, so that a change and its record exist together or not at all. */
export async function audit(tx: Tx, ...records: AuditRecord[]): Promise<void> {
  for (const { action } of records) auditEvents.inc({ action });
  await tx.auditEntry.createMany({
    data: records.map(({ actor, action, targetId, details }) => ({
      actorKind: actor.kind,
      actorId: actor.id,
      action,
      targetId: targetId ?? null,
      details: details ?? {},
    })),
  });
}

/**
 * Counts what happens too often for an entry each: what one actor does to one person within an hour shares an entry, whose
 * `count` goes up. What strangers do has no actor.
 */
export async function auditCounted(
  { db }: Pick<Services, "db">,
  { actor = systemActor, action, targetId }: { actor?: Actor; action: AuditAction; targetId: number },
): Promise<void> {
  auditEvents.inc({ action });
  await db.$executeRawUnsafe(
    `with counted as (
       update "AuditEntry" set details = jsonb_build_object('count', (details->>'count')::int + 1)
       where id = (
         select id from "AuditEntry" where "targetId" = $2 and action = $1 and at > now() - interval '1 hour'
           and "actorKind" = $3::"ActorKind" and "actorId" is not distinct from $4 and details ? 'count'
         order by id desc limit 1)
       returning id)
     insert into "AuditEntry" ("actorKind", "actorId", action, "targetId", details)
     select $3::"ActorKind", $4, $1, $2, '{"count": 1}' where not exists (select from counted)`,
    action,
    targetId,
    actor.kind,
    actor.id,
  );
}

/** Newest first. `next` is the cursor of the following page, null on the last one. */
export async function listAudit(
  { db }: Pick<Services, "db">,
  { actor, action, targetId, before, limit = 50 }: AuditFilters,
): Promise<{ entries: AuditView[]; next: string | null }> {
  const rows = await db.auditEntry.findMany({
    where: {
      ...(actor ? { actorKind: actor.kind } : {}),
      ...(actor?.id === undefined ? {} : { actorId: actor.id }),
      ...(action ? { action } : {}),
      ...(targetId === undefined ? {} : { targetId }),
      ...(before === undefined ? {} : { id: { lt: BigInt(before) } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const { page, last } = takePage(rows, limit);
  return {
    entries: page.map(({ id, at, actorKind, actorId, ...row }) => ({
      id: String(id),
      at: at.toISOString(),
      actor: { kind: actorKind, id: actorId },
      action: row.action,
      targetId: row.targetId,
      // audit() writes objects only.
      details: row.details as Prisma.JsonObject,
    })),
    next: last ? String(last.id) : null,
  };
}

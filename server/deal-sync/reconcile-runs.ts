import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { addDays, dayIn, momentIn } from "../platform/time-zone";
import { wakeWorker } from "../queue/queue";
import type { Services } from "../services";
import type { ReconcileCounts } from "./reconcile";

/** The nightly reconciliation begins at this hour in the installation's time zone, when registrations are rare. */
const nightHour = 3;

export interface ReconcileRunView {
  id: number;
  /** The administrator who requested it; null for the nightly one. */
  actorId: number | null;
  startedAt: string;
  finishedAt: string | null;
  counts: Partial<ReconcileCounts>;
}

/** Starts a reconciliation, or returns the one that is running. */
export async function requestReconcile(
  { db }: Pick<Services, "db">,
  { actor }: { actor: Actor },
): Promise<{ started: boolean }> {
  return db.$transaction(async (tx) => {
    // The lock allows one reconciliation at a time, also when two administrators press the button together.
    await tx.$executeRaw`select 1 from "CrmPortal" where id = 1 for update`;
    if (await tx.reconcileRun.findFirst({ where: { finishedAt: null } })) return { started: false };
    await tx.reconcileRun.create({ data: { actorId: actor.id } });
    await audit(tx, { actor, action: "crm.reconcile" });
    await wakeWorker(tx);
    return { started: true };
  });
}

/**
 * Starts the nightly reconciliation if none has begun since this night's hour and there are deals older than that to
 * compare.
 */
export async function startNightly({ db, env }: Pick<Services, "db" | "env">, now = new Date()): Promise<void> {
  const night = lastNight(env.TIME_ZONE, now);
  const [since, older] = await Promise.all([
    db.reconcileRun.findFirst({ where: { OR: [{ startedAt: { gte: night } }, { finishedAt: null }] } }),
    db.user.findFirst({ where: { crmSyncedAt: { lt: night } }, select: { id: true } }),
  ]);
  if (!since && older) await db.reconcileRun.create({ data: {} });
}

/** The last moment at which nightly work began. */
export function lastNight(zone: string, now = new Date()): Date {
  const today = dayIn(zone, now);
  return [today, addDays(today, -1)].map((day) => hourOf(zone, day)).find((hour) => hour <= now) ?? now;
}

const hourOf = (zone: string, day: string): Date => momentIn(zone, Date.parse(day) + nightHour * 3_600_000);

/** The last reconciliations, newest first. */
export async function listReconcileRuns({ db }: { db: Tx }, limit = 10): Promise<ReconcileRunView[]> {
  const rows = await db.reconcileRun.findMany({ orderBy: { id: "desc" }, take: limit });
  return rows.map((row) => ({
    id: row.id,
    actorId: row.actorId,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    counts: row.counts as Partial<ReconcileCounts>,
  }));
}

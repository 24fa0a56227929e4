import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { AuditAction } from "../audit/audit-actions";
import type { Services } from "../services";
import { running } from "./circuit-breaker";
import { wakeWorker } from "./queue";

interface Pause {
  pausedBy: string | null;
  pauseCode: string | null;
}

/**
 * Stops the queue until an administrator resumes it; registrations go on and wait. A pause that the circuit breaker
 * made becomes the administrator's, so that no probe ends it. Returns false if it was theirs already.
 */
export const pauseQueue = (services: Pick<Services, "db">, { actor }: { actor: Actor }): Promise<boolean> =>
  change(services, actor, "crm.pause", (before) =>
    before.pausedBy === "admin" ? null : { ...running, pausedBy: "admin", pausedAt: new Date() },
  );

/**
 * Lets the queue run at once, whether an administrator or the breaker paused it. If the portal still refuses, the breaker opens again. Returns false if
 * it was running.
 */
export const resumeQueue = (services: Pick<Services, "db">, { actor }: { actor: Actor }): Promise<boolean> =>
  change(services, actor, "crm.resume", (before) => (before.pausedBy === null ? null : running));

function change(
  { db }: Pick<Services, "db">,
  actor: Actor,
  action: AuditAction,
  decide: (before: Pause) => (Pause & { pausedAt: Date | null; probeAt: Date | null }) | null,
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [before] = await tx.$queryRaw<Pause[]>`
      select "pausedBy", "pauseCode" from "CrmPortal" where id = 1 for update`;
    const after = before && decide(before);
    if (!after) return false;
    await tx.crmPortal.update({ where: { id: 1 }, data: after, select: { id: true } });
    const details = {
      ...(before.pausedBy && { by: before.pausedBy }),
      ...(before.pauseCode && { code: before.pauseCode }),
    };
    await audit(tx, { actor, action, details });
    await wakeWorker(tx);
    return true;
  });
}

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
 * Stops sending until an administrator resumes the queue; new registrations are accepted and wait. A pause by the
 * circuit breaker becomes the administrator's, so that no probe ends it. Returns false if the pause was already an
 * administrator's.
 */
export const pauseQueue = (services: Pick<Services, "db">, { actor }: { actor: Actor }): Promise<boolean> =>
  change(services, actor, "crm.pause", (before) =>
    before.pausedBy === "admin" ? null : { ...running, pausedBy: "admin", pausedAt: new Date() },
  );

/**
 * Resumes the queue at once, after a pause by an administrator or by the breaker. If the portal still refuses, the
 * breaker opens again. Returns false if the queue was running.
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

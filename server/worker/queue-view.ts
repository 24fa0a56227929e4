import { portalChanged } from "../bitrix24/portal-watch";
import type { IdentityQuestion } from "../identity/question";
import { readIdentity } from "../identity/view";
import { isUnfit } from "../queue/circuit-breaker";
import { isWorkerSilent, type QueueHealth, queueHealth } from "../queue/health";
import type { Services } from "../services";

/** The queue with its worker in a form that fits into JSON. */
export type QueueView = Omit<QueueHealth, "pausedAt" | "workerSeenAt"> & {
  pausedAt: string | null;
  workerSeenAt: string | null;
  /** No worker has sent a heartbeat for longer than its longest turn takes. */
  workerSilent: boolean;
  /** Paused automatically for something that no registration is tried on: it has to be put right first. */
  untried: boolean;
  /** The kind of the open question about the portal or this database, which stops writing; see server/identity. */
  asked: IdentityQuestion["kind"] | null;
  /** A restored portal or database is compared before anything is written. */
  comparing: boolean;
};

export async function readQueue(deps: Pick<Services, "db" | "env">): Promise<QueueView> {
  const [{ pausedAt, workerSeenAt, ...health }, { question, comparing }] = await Promise.all([
    queueHealth(deps),
    readIdentity(deps),
  ]);
  return {
    ...health,
    pausedAt: pausedAt?.toISOString() ?? null,
    workerSeenAt: workerSeenAt?.toISOString() ?? null,
    workerSilent: isWorkerSilent(workerSeenAt),
    untried: isUnfit(health) || (health.pausedBy === "breaker" && health.pauseCode === portalChanged().code),
    asked: question?.kind ?? null,
    comparing,
  };
}

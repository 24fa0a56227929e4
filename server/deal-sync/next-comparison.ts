import { updateMethod } from "../bitrix24/progress";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { afterInFlight } from "../crm/in-flight";
import type { SyncRun } from "../crm/sync-run";
import { backOffMs, heldMs } from "../queue/back-off";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "env">;

/** When a deal is compared again whose comparison failed. */
export async function retryAt(
  { db, env }: Deps,
  { userId, error, run }: { userId: number; error: Bitrix24Error; run: SyncRun },
): Promise<Date> {
  if (error.kind === "held") return new Date(Date.now() + heldMs(env));
  if (error.kind === "halted") return new Date(Date.now() + env.BITRIX24_RETRY_BASE_MS);
  const { failures } = await failedChanges(db, { userId });
  // A deal whose move fails each time is retried with growing waits instead of every minute.
  const wait = failures > 1 ? backOffMs(env, failures) : 0;
  return afterInFlight(db, userId, Math.max(Date.now() + wait, run.limitedUntil?.getTime() ?? 0));
}

/** How many moves of this deal failed in a row, and the code of the last one. */
export const failedMoves = (db: Services["db"], { userId, dealId }: { userId: number; dealId: number }) =>
  failedChanges(db, { userId, dealId });

/**
 * The same of all changes to the person's records, where no deal is named: only moves are logged with their deal in either
 * outcome, corrections and phones without it.
 */
async function failedChanges(
  db: Services["db"],
  of: { userId: number; dealId?: number },
): Promise<{ failures: number; code: string | null }> {
  const move = { ...of, method: updateMethod };
  const last = await db.crmLog.findFirst({
    where: { ...move, outcome: "OK" },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  const failed = { ...move, id: { gt: last?.id ?? 0n } };
  const newest = await db.crmLog.findFirst({ where: failed, orderBy: { id: "desc" }, select: { code: true } });
  return { failures: newest ? await db.crmLog.count({ where: failed }) : 0, code: newest?.code ?? null };
}

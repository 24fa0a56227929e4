import { traceMethod } from "../bitrix24/trace";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Tx } from "../database/db";
import type { Services } from "../services";

interface Sent {
  id: number;
  crmTracedAt: Date | null;
  crmTraceId: number | null;
}

/** Whether the person's visit was sent, and neither its id nor a refusal has arrived. Asked while the log is there. */
export async function isTraceOpen(db: Tx, { id, crmTracedAt, crmTraceId }: Sent): Promise<boolean> {
  if (crmTracedAt === null || crmTraceId !== null) return false;
  return (await db.crmLog.count({ where: { userId: id, method: traceMethod, outcome: "NO" } })) === 0;
}

/**
 * Removes the person's visit from Sales Intelligence, before the records that it is linked with: removing it takes the
 * right to change them. A portal that no longer has the method has no page that shows the visit. Returns what failed.
 */
export async function removeTrace(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { userId, traceId }: { userId: number; traceId: number | null },
): Promise<Bitrix24Error[]> {
  if (traceId === null) return [];
  const [outcome] = await bitrix24.batchRunner.send([
    { kind: "trace.delete", method: "crm.tracking.trace.delete", params: { id: traceId } },
  ]);
  if (outcome && !outcome.ok && outcome.error.code !== "ERROR_METHOD_NOT_FOUND") return [outcome.error];
  await db.erasure.update({ where: { userId }, data: { traceId: null }, select: { userId: true } });
  return [];
}

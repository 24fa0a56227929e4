import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import { takePage } from "../platform/pages";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

/** An erased person by number, and how far the portal has followed. */
export interface ErasureView {
  userId: number;
  cause: string;
  mode: string;
  state: "pending" | "done";
  requestedAt: string;
  doneAt: string | null;
  /** How often the portal has rejected it. Outages do not count. */
  attempts: number;
  /** Code of the portal's last failure, until the portal has followed. */
  error: string | null;
  counts: { deleted?: number; anonymised?: number; left?: number; traces?: number };
}

const pageSize = 50;

/** The erasures, newest first; `next` is the cursor of the next page. */
export async function listErasures(
  { db }: Pick<Services, "db">,
  { before }: { before?: Date | undefined } = {},
): Promise<{ erasures: ErasureView[]; next: string | null }> {
  const rows = await db.erasure.findMany({
    ...(before ? { where: { requestedAt: { lt: before } } } : {}),
    orderBy: { requestedAt: "desc" },
    take: pageSize + 1,
  });
  const { page, last } = takePage(rows, pageSize);
  return { erasures: page.map(toView), next: last?.requestedAt.toISOString() ?? null };
}

/** When the person was erased here whose records Bitrix24 has kept for longest since; null: it has followed all. */
export async function oldestOpenErasure({ db }: Pick<Services, "db">): Promise<Date | null> {
  const row = await db.erasure.findFirst({
    where: { state: "pending" },
    orderBy: { requestedAt: "asc" },
    select: { requestedAt: true },
  });
  return row?.requestedAt ?? null;
}

/** The erasure of this person, or null if they are not erased. */
export async function getErasure({ db }: { db: Tx }, userId: number): Promise<ErasureView | null> {
  const row = await db.erasure.findUnique({ where: { userId } });
  return row && toView(row);
}

/**
 * Retries at once on the portal, in the same way or by deleting what cannot be made anonymous. Does nothing if the portal
 * has followed meanwhile, nor by deleting if the records are anonymous already. Throws NOT_FOUND if the person is not erased.
 */
export async function retryErasure(
  { db, queue }: Pick<Services, "db" | "queue">,
  { actor, userId, byDeleting }: { actor: Actor; userId: number; byDeleting: boolean },
): Promise<void> {
  await db.$transaction(async (tx) => {
    const { count } = await tx.erasure.updateMany({
      where: { userId, state: "pending", ...(byDeleting ? { counts: { equals: {} } } : {}) },
      // Without counts the records are looked for again.
      data: { attempts: 0, error: null, counts: {}, ...(byDeleting ? { mode: "delete" } : {}) },
    });
    if (count === 0) {
      if (await getErasure({ db: tx }, userId)) return;
      throw new AppError("NOT_FOUND");
    }
    await audit(tx, { actor, action: "person.eraseAgain", targetId: userId, details: { byDeleting } });
    await queue.enqueue(tx, "crm-erasure", userId, { priority: priorities.resend });
  });
}

function toView(row: Awaited<ReturnType<Services["db"]["erasure"]["findFirstOrThrow"]>>): ErasureView {
  return {
    userId: row.userId,
    cause: row.cause,
    mode: row.mode,
    state: row.state === "done" ? "done" : "pending",
    requestedAt: row.requestedAt.toISOString(),
    doneAt: row.doneAt?.toISOString() ?? null,
    attempts: row.attempts,
    error: row.error,
    counts: row.counts as ErasureView["counts"],
  };
}

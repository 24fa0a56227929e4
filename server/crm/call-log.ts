import type { CrmOutcome } from "../../prisma/generated/client";
import { takePage } from "../platform/pages";
import type { Services } from "../services";

export interface CrmLogView {
  id: string;
  at: string;
  method: string;
  outcome: CrmOutcome;
  code: string | null;
  durationMs: number;
  attempt: number;
  contactId: number | null;
  dealId: number | null;
}

/** Where a registration stands on its way: what stopped it last and when it goes on. */
export interface CrmProgress {
  attempts: number;
  error: string | null;
  nextAttemptAt: string | null;
  syncedAt: string | null;
}

/** Steps of one registration on the portal, newest first. `next` is the cursor of the following page, null on the last one. */
export async function listCrmLog(
  { db }: Pick<Services, "db">,
  userId: number,
  { before, limit = 10 }: { before?: bigint | undefined; limit?: number } = {},
): Promise<{ entries: CrmLogView[]; next: string | null }> {
  const rows = await db.crmLog.findMany({
    where: { userId, ...(before === undefined ? {} : { id: { lt: before } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
    omit: { userId: true },
  });
  const { page, last } = takePage(rows, limit);
  return {
    entries: page.map((row) => ({ ...row, id: String(row.id), at: row.at.toISOString() })),
    next: last ? String(last.id) : null,
  };
}

/** Null where there is no such user. */
export async function getCrmProgress({ db }: Pick<Services, "db">, userId: number): Promise<CrmProgress | null> {
  const row = await db.user.findUnique({
    where: { id: userId },
    select: { crmAttempts: true, crmError: true, crmNextAttemptAt: true, crmSyncedAt: true },
  });
  return (
    row && {
      attempts: row.crmAttempts,
      error: row.crmError,
      nextAttemptAt: row.crmNextAttemptAt?.toISOString() ?? null,
      syncedAt: row.crmSyncedAt?.toISOString() ?? null,
    }
  );
}

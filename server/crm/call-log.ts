import type { CrmOutcome } from "../../prisma/generated/client";
import { portalUncompared } from "../bitrix24/portal-watch";
import type { Tx } from "../database/db";
import { takePage } from "../platform/pages";
import { readPortalState } from "../queue/circuit-breaker";
import { mustCompareFirst } from "../queue/compare-first";

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
  /** The id of the request that it comes from, as the log names it. */
  requestId: string | null;
}

/** The progress of a registration: its last error and its next attempt. */
export interface CrmProgress {
  attempts: number;
  error: string | null;
  /** The portal's field that the error was about. */
  errorField: string | null;
  nextAttemptAt: string | null;
  syncedAt: string | null;
  /** The pause of the whole queue, while this registration waits in it. */
  pause: { by: "admin" | "breaker"; code: string | null; field: string | null } | null;
}

/**
 * Steps of one registration on the portal, newest first. `next` is the cursor of the following page, null on the last
 * one.
 */
export async function listCrmLog(
  { db }: { db: Tx },
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
export async function getCrmProgress({ db }: { db: Tx }, userId: number): Promise<CrmProgress | null> {
  const row = await db.user.findUnique({
    where: { id: userId },
    select: {
      crmState: true,
      crmAttempts: true,
      crmError: true,
      crmErrorField: true,
      crmNextAttemptAt: true,
      crmSyncedAt: true,
    },
  });
  const state = await readPortalState({ db });
  const { pausedBy, pauseCode, pauseField } = state;
  // No job is fetched while a restored portal is compared, so that none of them notes why it waits.
  const held = row?.crmState === "PENDING" && (await mustCompareFirst(db)) ? portalUncompared().code : null;
  return (
    row && {
      attempts: row.crmAttempts,
      error: held ?? row.crmError,
      errorField: held ? null : row.crmErrorField,
      nextAttemptAt: row.crmNextAttemptAt?.toISOString() ?? null,
      syncedAt: row.crmSyncedAt?.toISOString() ?? null,
      pause: pausedBy && row.crmState === "PENDING" ? { by: pausedBy, code: pauseCode, field: pauseField } : null,
    }
  );
}

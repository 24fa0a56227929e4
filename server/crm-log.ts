import type { CrmOutcome } from "../prisma/generated/client";
import type { Services } from "./services";

/** One step of a registration on the portal. */
export interface CrmLogView {
  id: string;
  at: string;
  method: string;
  outcome: CrmOutcome;
  code: string | null;
  durationMs: number;
  attempt: number;
  /** What the step made known. */
  contactId: number | null;
  dealId: number | null;
}

/** A registration's steps, newest first. `next` is the cursor of the following page, null on the last one. */
export async function readCrmLog(
  { db }: Pick<Services, "db">,
  userId: number,
  { before, limit = 50 }: { before?: string | undefined; limit?: number | undefined } = {},
): Promise<{ steps: CrmLogView[]; next: string | null }> {
  const rows = await db.crmLog.findMany({
    where: { userId, ...(before === undefined ? {} : { id: { lt: BigInt(before) } }) },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return {
    steps: page.map(({ id, at, userId: _, ...step }) => ({ ...step, id: String(id), at: at.toISOString() })),
    next: rows.length > limit ? String(page.at(-1)?.id) : null,
  };
}

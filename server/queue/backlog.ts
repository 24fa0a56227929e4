import { Prisma } from "../../prisma/generated/client";
import { fullName } from "../person/full-name";
import { takePage } from "../platform/pages";
import type { Services } from "../services";
import type { BacklogCursor, BacklogKind } from "./backlog-query";

export interface BacklogEntry {
  id: number;
  name: string;
  createdAt: string;
  attempts: number;
  /** Code of the last failure. */
  error: string | null;
  /** The portal's field that the failure was about. */
  errorField: string | null;
  nextAttemptAt: string | null;
}

/** Literals, not parameters: the planner uses the partial indexes only for literals. */
const conditions: Record<BacklogKind, Prisma.Sql> = {
  waiting: Prisma.sql`"crmState" = 'PENDING' and "crmError" is null`,
  retrying: Prisma.sql`"crmState" = 'PENDING' and "crmError" is not null`,
  failed: Prisma.sql`"crmState" = 'FAILED'`,
};

interface Row {
  id: number;
  firstName: string;
  lastName: string | null;
  createdAt: Date;
  crmAttempts: number;
  crmError: string | null;
  crmErrorField: string | null;
  crmNextAttemptAt: Date | null;
}

/** Longest waiting time first. `next` is the cursor of the following page, null on the last one. */
export async function listBacklog(
  { db }: Pick<Services, "db">,
  { kind, after, limit = 25 }: { kind: BacklogKind; after?: BacklogCursor | null; limit?: number },
): Promise<{ entries: BacklogEntry[]; next: string | null }> {
  const rows = await db.$queryRaw<Row[]>`
    select "id", "firstName", "lastName", "createdAt", "crmAttempts", "crmError", "crmErrorField",
      "crmNextAttemptAt" from "User"
    where ${conditions[kind]}
      ${after ? Prisma.sql`and ("createdAt", "id") > (${after.createdAt}, ${after.id})` : Prisma.empty}
    order by "createdAt", "id" limit ${limit + 1}`;
  const { page, last } = takePage(rows, limit);
  return {
    entries: page.map((row) => ({
      id: row.id,
      name: fullName(row),
      createdAt: row.createdAt.toISOString(),
      attempts: row.crmAttempts,
      error: row.crmError,
      errorField: row.crmErrorField,
      nextAttemptAt: row.crmNextAttemptAt?.toISOString() ?? null,
    })),
    next: last ? `${last.createdAt.getTime()}-${last.id}` : null,
  };
}

/** How many of these registrations are not complete, for the confirmation of a resend. */
export const countUnfinished = ({ db }: Pick<Services, "db">, userIds: number[] | "allFailed"): Promise<number> =>
  db.user.count({
    where:
      userIds === "allFailed"
        ? { crmState: "FAILED" }
        : { id: { in: userIds }, crmState: { in: ["PENDING", "FAILED"] } },
  });

import { Prisma } from "../../prisma/generated/client";
import { processingKind } from "../consents/kinds";
import { parseId } from "../platform/ids";
import { isMoment } from "../platform/moments";
import { takePage } from "../platform/pages";
import type { Services } from "../services";

/** The last row of a page, as the next page's address contains it. */
interface WithdrawalCursor {
  at: Date;
  userId: number;
}

/** The cursor in an address, or null if it is invalid. */
export function parseWithdrawalCursor(text: string | null): WithdrawalCursor | null {
  const [, time, last] = /^(-?\d{1,14})-(\d+)$/.exec(text ?? "") ?? [];
  const userId = parseId(last);
  return time && isMoment(Number(time)) && userId !== null ? { at: new Date(Number(time)), userId } : null;
}

const pageSize = 50;

/**
 * People who have withdrawn the consent and not given it again, and since when, newest first. `next` is the cursor of the
 * following page, null on the last one.
 */
export async function listWithdrawn(
  { db }: Pick<Services, "db">,
  { after = null, limit = pageSize }: { after?: WithdrawalCursor | null; limit?: number } = {},
): Promise<{ withdrawn: { userId: number; withdrawnAt: string }[]; next: string | null }> {
  const rows = await db.$queryRaw<{ userId: number; withdrawnAt: Date }[]>(withdrawnSql(after, limit + 1));
  const { page, last } = takePage(rows, limit);
  return {
    withdrawn: page.map(({ userId, withdrawnAt }) => ({ userId, withdrawnAt: withdrawnAt.toISOString() })),
    next: last ? `${last.withdrawnAt.getTime()}-${last.userId}` : null,
  };
}

/** Of each person the latest consent counts. In the order of an index, so that a page reads little more than its own rows. */
export const withdrawnSql = (after: WithdrawalCursor | null, limit: number): Prisma.Sql => Prisma.sql`
  select c."userId", c."withdrawnAt" from "Consent" c
  where c.kind = ${processingKind} and c."withdrawnAt" is not null
    and not exists (
      select 1 from "Consent" later where later."userId" = c."userId" and later.kind = c.kind and later.id > c.id)
    ${after ? Prisma.sql`and (c."withdrawnAt", c."userId") < (${after.at}, ${after.userId})` : Prisma.empty}
  order by c."withdrawnAt" desc, c."userId" desc limit ${limit}`;

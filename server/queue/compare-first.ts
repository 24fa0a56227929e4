import { Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";

/** Whether the comparison has not ended that the row `i` of "Installation" demands before anything is written. */
export const comparesFirstSql = Prisma.sql`exists (
  select 1 from "ReconcileRun" r where r.id = i."compareFirst" and r."finishedAt" is null)`;

/** Whether nothing may be written yet: the portal or this database was restored, and the comparison of it has not ended. */
export async function mustCompareFirst(db: Pick<Tx, "$queryRaw">): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`select 1 from "Installation" i where i.id = 1 and ${comparesFirstSql}`;
  return rows.length > 0;
}

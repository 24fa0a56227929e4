import type { Tx } from "../database/db";

/** Whether nothing may be written yet: the portal or this database was restored, and the comparison of it has not ended. */
export async function mustCompareFirst(db: Pick<Tx, "$queryRaw">): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    select 1 from "Installation" i join "ReconcileRun" r on r.id = i."compareFirst"
    where i.id = 1 and r."finishedAt" is null`;
  return rows.length > 0;
}

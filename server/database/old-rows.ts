import { Prisma } from "../../prisma/generated/client";
import type { Tx } from "./db";

/** Rows of a table whose time is over. */
export interface OldRows {
  table: Prisma.ModelName;
  /** The column that tells how old a row is. */
  column: "at" | "lastAt" | "expiresAt";
  before: Date | Prisma.Sql;
  /** Which of them are kept all the same. */
  except?: Prisma.Sql;
}

/** What one statement deletes: its transaction is over in a moment, and so are its locks. */
export const portionSize = 5_000;

/**
 * Deletes the oldest portion of these rows, of those that are not older than `from`. `last` is the time of the youngest
 * row in it: the next portion begins there, and does not read again what is kept or was deleted before it. Waits for
 * nobody: rows that another transaction has locked are left for a later run.
 */
export async function deletePortion(
  db: Tx,
  { table, column, before, except }: OldRows,
  from: Date | null = null,
): Promise<{ count: number; last: Date | null }> {
  const name = Prisma.raw(`"${table}"`);
  const time = Prisma.raw(`"${column}"`);
  const [portion] = await db.$queryRaw<{ count: number; last: Date | null }[]>`
    with old as materialized (
      select ctid, ${time} as moment from ${name}
      where ${time} < ${before} ${from ? Prisma.sql`and ${time} >= ${from}` : Prisma.empty}
        ${except ? Prisma.sql`and not (${except})` : Prisma.empty}
      order by ${time} limit ${portionSize} for update skip locked
    ), gone as (
      delete from ${name} where ctid = any (array(select ctid from old))
    )
    select count(*)::int as count, max(moment) as last from old`;
  return portion ?? { count: 0, last: null };
}

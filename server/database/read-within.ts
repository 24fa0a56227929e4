import type { Pool, PoolClient, QueryResultRow } from "pg";
import type { Prisma } from "../../prisma/generated/client";
import { inTransaction } from "./transaction";

/** PostgreSQL's code for a statement that was cancelled, here by its timeout. */
const queryCanceled = "57014";

/** Reads with a time limit: null if a statement took longer than `ms`. */
export async function readWithin<T>(
  pool: Pool,
  ms: number,
  read: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  try {
    return await inTransaction(pool, read, `begin read only; set local statement_timeout = ${ms}`);
  } catch (error) {
    if ((error as { code?: string }).code === queryCanceled) return null;
    throw error;
  }
}

/** The rows of a composed statement. */
export async function select<T extends QueryResultRow>(
  database: Pick<Pool | PoolClient, "query">,
  { text, values }: Prisma.Sql,
): Promise<T[]> {
  return (await database.query<T>(text, values)).rows;
}

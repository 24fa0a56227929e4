import type { Pool, PoolClient, QueryResultRow } from "pg";
import type { Prisma } from "../../prisma/generated/client";

/** PostgreSQL's code for a statement that was cancelled, here by its timeout. */
const queryCanceled = "57014";

/** Reads with a time limit: null if a statement took longer than `ms`. */
export async function readWithin<T>(
  pool: Pool,
  ms: number,
  read: (client: PoolClient) => Promise<T>,
): Promise<T | null> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin read only; set local statement_timeout = ${ms}`);
    const answer = await read(client);
    await client.query("commit");
    return answer;
  } catch (error) {
    await client.query("rollback").catch((lost: Error) => {
      broken = lost;
    });
    if ((error as { code?: string }).code === queryCanceled) return null;
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The rows of a composed statement. */
export async function select<T extends QueryResultRow>(
  database: Pick<Pool | PoolClient, "query">,
  { text, values }: Prisma.Sql,
): Promise<T[]> {
  return (await database.query<T>(text, values)).rows;
}

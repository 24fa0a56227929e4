import type { Pool } from "pg";
import { expect } from "vitest";
import { createDb, type Db } from "../database/db";

const usualMs = 300;

/**
 * Does work that has to wait for a table, for longer than a transaction of this `db` may take unless it asks for more. Stands
 * for work that takes long because there is much of it.
 */
export async function whileHeldUp<T>(
  { pool }: { pool: Pool },
  { table }: { table: string },
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const holder = await pool.connect();
  try {
    await holder.query(`begin; lock table "${table}" in access exclusive mode`);
    const working = work(createDb(pool, { timeout: usualMs }));
    working.catch(() => {});
    await expect
      .poll(async () => {
        const { rows } = await pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
             and clock_timestamp() - xact_start > $1 * interval '3 milliseconds'`,
          [usualMs],
        );
        return rows.length;
      })
      .toBe(1);
    await holder.query("commit");
    return await working;
  } finally {
    // With its transaction, also where the test fails.
    holder.release(true);
  }
}

import type { Pool } from "pg";
import { migrationsApplied } from "./migrate";

/**
 * Whether the site can work with the database: it holds every migration of this code and takes changes, which a standby does
 * not, nor a server that is full and was made read-only.
 */
export async function isDatabaseReady(pool: Pool): Promise<boolean> {
  const [isMigrated, isWritable] = await Promise.all([migrationsApplied(pool), takesChanges(pool)]);
  return isMigrated && isWritable;
}

async function takesChanges(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ takes: boolean }>(
    "select current_setting('transaction_read_only') = 'off' as takes",
  );
  return rows[0]?.takes ?? false;
}

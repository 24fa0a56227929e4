import type { Pool } from "pg";
import { inject } from "vitest";
import { createDb, createPool, type Db } from "../database/db";
import { type Env, parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createCopy } from "./template";

export interface TestDatabase {
  url: string;
  pool: Pool;
  db: Db;
  /** With nothing set. */
  env: Env;
  /** Closes the pool and removes the database. */
  drop(): Promise<void>;
}

/** A migrated, empty database of one's own, so that test files run side by side. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const copy = await createCopy(inject("template"));
  const pool = createPool(copy.url, createLog("silent"));
  const db = createDb(pool);
  return {
    url: copy.url,
    pool,
    db,
    env: parseEnv({}),
    drop: async () => {
      await db.$disconnect();
      await pool.end();
      await copy.drop();
    },
  };
}

/** How many statements of this database wait for a lock that another one holds. */
export async function blocked({ pool }: Pick<TestDatabase, "pool">): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.count ?? 0;
}

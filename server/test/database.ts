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

/** How long work may wait for a connection: it ends a hung test. */
const patienceMs = 240_000;

/** A migrated, empty database of one's own, so that test files run side by side. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const copy = await createCopy(inject("template"));
  const pool = createPool(copy.url, createLog("silent"));
  // The product's ten seconds would judge the machine where hundreds of calls share these connections.
  pool.options.connectionTimeoutMillis = patienceMs;
  const db = createDb(pool, { maxWait: patienceMs });
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

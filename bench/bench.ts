import type { Pool } from "pg";
import { createDb, createPool, type Db } from "../server/database/db";
import { type Env, parseEnv } from "../server/platform/env";
import { createLog } from "../server/platform/log";
import { createQueue, type Queue } from "../server/queue/queue";
import { startTestCluster } from "../server/test/cluster";
import { createCopy, createTemplate } from "../server/test/template";

/** What a benchmark is given to work with. */
export interface Bench {
  /** A migrated, empty database of its own. */
  createDatabase(): Promise<BenchDatabase>;
}

export interface BenchDatabase {
  url: string;
  pool: Pool;
  db: Db;
  env: Env;
  queue: Queue;
  drop(): Promise<void>;
}

/** One PostgreSQL for the whole run, in memory where there is room, and gone with it. */
export async function startBench(): Promise<Bench & { stop(): Promise<void> }> {
  const cluster = await startTestCluster();
  const template = await createTemplate(cluster.url);
  return {
    createDatabase: async () => {
      const { url, drop } = await createCopy(template);
      const log = createLog("warn");
      const pool = createPool(url, log);
      const db = createDb(pool);
      const queue = await createQueue({ pool, log, supervise: false });
      return {
        url,
        pool,
        db,
        env: parseEnv({}),
        queue,
        drop: async () => {
          await queue.stop();
          await db.$disconnect();
          await pool.end();
          await drop();
        },
      };
    },
    stop: cluster.stop,
  };
}

import { startLocalPostgres } from "../database/embedded/local-postgres";
import type { Env } from "../platform/env";
import type { Logger } from "../platform/log";

/** Runs work on the configured database: an external one, or the private one, which is started if it does not run. */
export async function withDatabase<T>(env: Env, log: Logger, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  if (env.DATABASE_URL) return work(env.DATABASE_URL);
  const local = await startLocalPostgres({ dir: `${env.DATA_DIR}/postgres`, database: "registration", log });
  try {
    return await work(local.url);
  } finally {
    await local.stop();
  }
}

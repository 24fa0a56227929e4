import { startLocalPostgres } from "../database/embedded/local-postgres";
import type { Env } from "../platform/env";
import type { Logger } from "../platform/log";

/** Runs work on the configured database: the owner's own, or the embedded one, which is started for it where it does not run. */
export async function withDatabase<T>(env: Env, log: Logger, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  if (env.DATABASE_URL) return work(env.DATABASE_URL);
  const local = await startLocalPostgres({ dir: `${env.DATA_DIR}/postgres`, database: "registration", log });
  try {
    return await work(local.url);
  } finally {
    await local.stop();
  }
}

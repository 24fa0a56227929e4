import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { BenchDatabase } from "../bench";

/** Our own sessions, which no cut may hit. */
const ownName = "soak";

/** Statements of the soak itself: a database that has just been hit is asked again until it answers. */
export async function ask<Row extends pg.QueryResultRow>(
  { url }: BenchDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  for (;;) {
    const client = new pg.Client({ connectionString: url, application_name: ownName });
    client.on("error", () => {});
    try {
      await client.connect();
      return (await client.query<Row>(text, values)).rows;
    } catch (error) {
      if (!isAway(error)) throw error;
      await delay(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

const isAway = (error: unknown): boolean =>
  /^(57P|08|ECONN|EPIPE)|Connection terminated/.test(
    `${(error as { code?: string }).code ?? ""}${(error as Error).message}`,
  );

/** A commit that was answered must outlive the end of the server's processes, as it does outside of tests. */
export async function keepCommits(database: BenchDatabase): Promise<void> {
  await ask(database, "alter system set synchronous_commit = on");
  await ask(database, "select pg_reload_conf()");
}

/** Ends every session of the site and its workers, in whatever they are doing. */
export async function cutConnections(database: BenchDatabase): Promise<void> {
  await ask(database, `select pg_terminate_backend(pid) from pg_stat_activity where ${theirs}`);
}

/** SIGKILL to one process of PostgreSQL: the server ends all the others and recovers from its log. */
export async function killBackend(database: BenchDatabase): Promise<void> {
  const [row] = await ask<{ pid: number; started: string }>(
    database,
    `select pid, pg_postmaster_start_time()::text as started from pg_stat_activity where ${theirs} order by random() limit 1`,
  );
  if (row && isPostgres(row.pid)) process.kill(row.pid, "SIGKILL");
}

const theirs = `datname = current_database() and backend_type = 'client backend' and application_name <> '${ownName}'`;

/** The number may belong to another process by now. */
function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").includes("(postgres)");
  } catch {
    return false;
  }
}

import pg from "pg";
import { ifAbandoned } from "../../platform/if-abandoned";
import { address, type Cluster } from "./cluster";

/**
 * Stops a server that no process uses. A killed process cannot stop its PostgreSQL, so PostgreSQL stops itself: one of
 * its own sessions checks every few seconds whether there are other sessions, and shuts the server down after a while
 * without any. The session outlives the client that opened it, because it never reads from or writes to its connection.
 */

/**
 * Every process that uses the server holds this advisory lock shared; a process that stops the server must hold it
 * exclusively.
 */
export const useKey = 1777;
/**
 * Takes the lock exclusively if it is free. If it is not, tells whether processes use the server (`used`), or whether one
 * session holds it alone in order to stop the server.
 */
export const tryUseLock = `
  select pg_try_advisory_lock(${useKey}) as free, exists (
    select 1 from pg_locks
    where locktype = 'advisory' and classid = 0 and objid = ${useKey} and objsubid = 1 and mode = 'ShareLock' and granted
  ) as used`;
/** Held by the guard's session, of which there is one. */
const guardKey = 1778;
/** Selects the sessions that use the server, without the guard's and the caller's. */
const guardName = "idle-server-guard";

/** Counts the sessions that use the server, without the guard's and the caller's. */
export const otherSessions = `
  select 1 from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${guardName}'`;

/** Long enough for a restart to find its database running, short enough for "within a minute" on a busy machine. */
const idleLooks = 8;
const defaultLookSeconds = 3;

export interface GuardOptions {
  /** Interval between checks; after eight checks without other sessions the server is stopped. */
  lookSeconds?: number | undefined;
}

/** SIGINT is PostgreSQL's fast shutdown. A session's working directory is its cluster; Windows has no signals. */
const stopCommand = (cluster: Cluster): string =>
  process.platform === "win32"
    ? `"${cluster.binaries.path("pg_ctl")}" -D "${cluster.data}" -W -m fast stop`
    : 'kill -INT "$(head -n 1 postmaster.pid)"';

/**
 * Counts checks instead of reading a clock, which jumps when a machine wakes up. Each check is a transaction of its
 * own: within one transaction the list of sessions would not change, and an old snapshot would hold up vacuum.
 */
const guardStatement = (cluster: Cluster, lookSeconds: number): string => `
do $guard$
declare
  idle int := 0;
begin
  if not pg_try_advisory_lock(${guardKey}) then return; end if;
  loop
    perform pg_sleep(${lookSeconds});
    commit;
    if exists (${otherSessions}) then
      idle := 0;
    else
      idle := idle + 1;
    end if;
    continue when idle < ${idleLooks};
    commit;
    -- Alone with the lock: a process that starts now waits for it, is disconnected by the shutdown, and starts the server again.
    continue when not pg_try_advisory_lock(${useKey});
    if exists (${otherSessions}) then
      perform pg_advisory_unlock(${useKey});
      idle := 0;
    else
      execute format('copy (select 1) to program %L', ${pg.escapeLiteral(stopCommand(cluster))});
      perform pg_sleep(60);
    end if;
  end loop;
end
$guard$`;

export interface Guard {
  ended: Promise<unknown>;
  detach(): Promise<void>;
}

/**
 * Opens the guard's session, which ends at once if there is a guard already. `ended` resolves when the session, or our
 * connection to it, has ended; `detach` closes only the connection.
 */
export async function startGuard(
  cluster: Cluster,
  port: number,
  { lookSeconds = defaultLookSeconds }: GuardOptions,
): Promise<Guard> {
  const client = new pg.Client({
    connectionString: address(cluster, port, "postgres"),
    application_name: guardName,
    connectionTimeoutMillis: 5_000,
  });
  // Without a listener, the error of a cut connection would end the process.
  client.on("error", () => {});
  const detach = () => client.end().catch(() => {});
  try {
    await client.connect();
    await client.query("set statement_timeout = 0; set client_connection_check_interval = 0");
    const ended = client.query(guardStatement(cluster, lookSeconds)).then(detach, detach);
    return { ended, detach };
  } catch (error) {
    await detach();
    throw error;
  }
}

/**
 * Covers the time between the server's start and its guard's start: if this process is killed in between, the server is
 * stopped, unless another process has adopted and guarded it. The returned function ends the watch.
 */
export function watchStart(cluster: Cluster, { lookSeconds = defaultLookSeconds }: GuardOptions): () => void {
  const script = `
    sleep ${Math.ceil(lookSeconds * idleLooks)}
    pid=$(head -n 1 "$1/postmaster.pid") || exit 0
    [ "$pid" = "$(cat "$2")" ] || kill -INT "$pid"`;
  return ifAbandoned(script, [cluster.data, cluster.guardedFile], cluster.account);
}

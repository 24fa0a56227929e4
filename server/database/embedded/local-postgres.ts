import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../../platform/log";
import { findPackage, prepareBinaries } from "./binaries";
import { type Cluster, openCluster } from "./cluster";
import { findHome } from "./home";
import { findServer, startServer, stopServer } from "./postmaster";

export interface LocalPostgres {
  url: string;
  /** It was already running: started by another process, or left by one that was killed. */
  adopted: boolean;
  /** Close all pools first: a server that others still use is left running. */
  stop(): Promise<"stopped" | "left running">;
}

interface Options {
  /** The cluster's folder, made if it is not there. */
  dir: string;
  /** Created if it is not there. */
  database: string;
  log: Logger;
  /** Under root, the place for what the lent account could not reach in `dir`. */
  fallback?: string;
}

/** Every process that uses the server holds this advisory lock shared; who stops it must get it alone. */
const leaderLockKey = 1777;

/**
 * Starts a private PostgreSQL, or adopts the one that runs on this folder. Several processes may do so at once, and any of
 * them may be killed: a rename decides whose cluster it is, PostgreSQL's own lock file who starts it, and the leader lock who
 * stops it.
 */
export async function startLocalPostgres(options: Options): Promise<LocalPostgres> {
  const { database, log } = options;
  const { folder, account, copies } = await findHome(resolve(options.dir), options.fallback);
  const binaries = await prepareBinaries(findPackage(), { account, copies, log });
  const cluster = await openCluster(folder, account, binaries);
  const { leaderLock, port, adopted } = await startOrAdopt(cluster);
  leaderLock.on("error", () => log.warn("the embedded PostgreSQL went away"));
  let stopped: ReturnType<LocalPostgres["stop"]> | undefined;
  const stop = () => (stopped ??= leaderLock.end().then(() => stopUnlessUsed(cluster)));
  try {
    await createDatabase(leaderLock, database);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ folder, port, adopted }, "embedded PostgreSQL is running");
  return { url: address(cluster, port, database), adopted, stop };
}

async function startOrAdopt(cluster: Cluster): Promise<{ leaderLock: pg.Client; port: number; adopted: boolean }> {
  const deadline = Date.now() + 60_000;
  let downSince: number | undefined;
  let started = false;
  for (;;) {
    if (!(await findServer(cluster))) started = await startServer(cluster);
    const server = await findServer(cluster);
    if (!server) {
      // The last processes of a killed server may hold its shared memory for a moment longer.
      downSince ??= Date.now();
      if (Date.now() - downSince > 15_000) throw await startFailure(cluster, "it ends at once");
    } else {
      downSince = undefined;
      try {
        return { leaderLock: await takeLeaderLock(cluster, server.port), port: server.port, adopted: !started };
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (Date.now() > deadline) throw await startFailure(cluster, (error as Error).message);
      }
    }
    await delay(100);
  }
}

async function takeLeaderLock(cluster: Cluster, port: number): Promise<pg.Client> {
  const leaderLock = await connect(cluster, port);
  try {
    // Waits while another process is stopping the server; the connection is then cut, and we start it again.
    await leaderLock.query("select pg_advisory_lock_shared($1)", [leaderLockKey]);
    return leaderLock;
  } catch (error) {
    await leaderLock.end().catch(() => {});
    throw error;
  }
}

async function stopUnlessUsed(cluster: Cluster): Promise<"stopped" | "left running"> {
  const server = await findServer(cluster);
  const client = server && (await connect(cluster, server.port).catch(() => undefined));
  if (!server || !client) return "stopped";
  try {
    if (await isUsed(client)) return "left running";
    // Our connection still holds the lock alone, so nobody can begin to use the server before it is gone.
    await stopServer(cluster, server.pid);
    return "stopped";
  } finally {
    await client.end().catch(() => {});
  }
}

async function isUsed(client: pg.Client): Promise<boolean> {
  const lock = await client.query("select pg_try_advisory_lock($1) as free", [leaderLockKey]);
  if (!lock.rows[0].free) return true;
  // Connections that were just closed are listed for a moment longer.
  for (let attempt = 0; attempt < 10; attempt++) {
    const others = await client.query(
      "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    if (others.rowCount === 0) return false;
    await delay(100);
  }
  return true;
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const existing = await client.query("select 1 from pg_database where datname = $1", [name]);
  if (existing.rowCount) return;
  await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: pg.DatabaseError) => {
    // Another process made it in this very moment: PostgreSQL reports either of the two.
    if (error.code !== "42P04" && error.code !== "23505") throw error;
  });
}

async function connect(cluster: Cluster, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: address(cluster, port, "postgres"),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // An unheard error of a cut connection would end the process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** What a server says while it starts, recovers or stops; anything else would not get better by waiting. */
function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message: string };
  return (
    ["ECONNREFUSED", "ECONNRESET", "EPIPE", "57P01", "57P03"].includes(code ?? "") || /terminated|timeout/.test(message)
  );
}

async function startFailure(cluster: Cluster, reason: string): Promise<Error> {
  const log = await readFile(cluster.logFile, "utf8").catch(() => "");
  return new Error(
    [
      `The embedded PostgreSQL did not start: ${reason}. The end of ${cluster.logFile}:`,
      ...log.trim().split("\n").slice(-8),
    ].join("\n"),
  );
}

const address = ({ password }: Cluster, port: number, database: string): string =>
  `postgres://app:${password}@127.0.0.1:${port}/${database}`;

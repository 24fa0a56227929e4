import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { elapsedMs } from "../../platform/elapsed";
import type { Logger } from "../../platform/log";
import { findPackage, prepareBinaries } from "./binaries";
import { address, type Cluster, openCluster } from "./cluster";
import { type GuardOptions, otherSessions, tryUseLock, watchStart } from "./guard";
import { findHome } from "./home";
import { findServer, type Server, startServer, stopServer } from "./postmaster";
import { connect, ServerUse, takeUseLock } from "./server-use";

export interface LocalPostgres {
  url: string;
  /** The server was running already: started by another process, or left by a killed one. */
  adopted: boolean;
  /** Close all pools first: a server that other processes use is left running. */
  stop(): Promise<"stopped" | "left running">;
}

interface Options extends GuardOptions {
  /** The cluster's folder, created if missing. */
  dir: string;
  /** Created if missing. */
  database: string;
  log: Logger;
  /** For root: the folder to use if the unprivileged account cannot reach `dir`. */
  fallback?: string;
}

/**
 * Starts a private PostgreSQL, or adopts the running one of this folder. Several processes may do so at once, and any
 * of them may be killed: a rename decides which process creates the cluster, PostgreSQL's lock file which one starts
 * the server, and the use lock which one stops it. If all of them are killed, the guard stops it.
 */
export async function startLocalPostgres(options: Options): Promise<LocalPostgres> {
  const { database, log } = options;
  const { folder, account, copies } = await findHome(resolve(options.dir), options.fallback);
  const binaries = await prepareBinaries(findPackage(), { account, copies, log });
  const cluster = await openCluster(folder, account, binaries);
  const { use, port, adopted } = await startOrAdopt(cluster, options);
  let stopped: ReturnType<LocalPostgres["stop"]> | undefined;
  const stop = () => (stopped ??= use.end().then(() => stopUnlessUsed(cluster)));
  try {
    await createDatabase(cluster, port, database);
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ folder, port, adopted }, "embedded PostgreSQL is running");
  return { url: address(cluster, port, database), adopted, stop };
}

async function startOrAdopt(
  cluster: Cluster,
  options: Options,
): Promise<{ use: ServerUse; port: number; adopted: boolean }> {
  const guarded = watchStart(cluster, options);
  try {
    return await untilUsed(cluster, options);
  } finally {
    guarded();
  }
}

/** How long a start waits for a server that does not accept. */
const startMs = 60_000;

async function untilUsed(cluster: Cluster, options: Options): ReturnType<typeof startOrAdopt> {
  const deadline = elapsedMs() + startMs;
  let downSince: number | undefined;
  let started = false;
  for (;;) {
    if (!(await findServer(cluster))) started = await startServer(cluster);
    const server = await findServer(cluster);
    if (!server) {
      // The last processes of a killed server may hold its shared memory for a moment.
      downSince ??= elapsedMs();
      if (elapsedMs() - downSince > 15_000) throw await startFailure(cluster, "it ends at once");
    } else {
      downSince = undefined;
      try {
        const use = new ServerUse(cluster, await takeUseLock(cluster, server.port), options);
        await use.guard(server).catch(async (error: unknown) => {
          await use.end();
          throw error;
        });
        return { use, port: server.port, adopted: !started };
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (elapsedMs() > deadline) throw await startFailure(cluster, (error as Error).message);
      }
    }
    await delay(100);
  }
}

/** How long a stop waits for a server that does not answer. One that says that it is ending is waited for. */
const silentMs = 30_000;
/** Sessions that were just closed stay listed for a moment: on a busy machine for seconds. */
const closingMs = 5_000;

async function stopUnlessUsed(cluster: Cluster): Promise<"stopped" | "left running"> {
  let heardAt = elapsedMs();
  for (;;) {
    const server = await findServer(cluster);
    if (!server) return "stopped";
    try {
      const use = await stopIfUnused(cluster, server);
      if (use === "used") return "left running";
      if (use === "stopped") return "stopped";
      heardAt = elapsedMs();
    } catch (error) {
      // A server that is shutting down refuses connections, and cuts those it had.
      if (!isPassing(error)) return "left running";
      if ((error as pg.DatabaseError).code?.startsWith("57P")) heardAt = elapsedMs();
    }
    if (elapsedMs() - heardAt > silentMs) return "left running";
    await delay(100);
  }
}

/** `ending`: the guard or another process has begun to stop it. */
async function stopIfUnused(cluster: Cluster, { pid, port }: Server): Promise<"stopped" | "used" | "ending"> {
  const client = await connect(cluster, port);
  try {
    const { rows } = await client.query(tryUseLock);
    if (!rows[0].free) return rows[0].used ? "used" : "ending";
    if (await hasSessions(client)) return "used";
    // Our connection holds the lock exclusively, so no process can begin to use the server before it has stopped.
    await stopServer(cluster, pid);
    return "stopped";
  } finally {
    await client.end().catch(() => {});
  }
}

async function hasSessions(client: pg.Client): Promise<boolean> {
  const deadline = elapsedMs() + closingMs;
  for (;;) {
    const others = await client.query(otherSessions);
    if (others.rowCount === 0) return false;
    if (elapsedMs() > deadline) return true;
    await delay(100);
  }
}

async function createDatabase(cluster: Cluster, port: number, name: string): Promise<void> {
  const client = await connectPatiently(cluster, port);
  try {
    const existing = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (existing.rowCount) return;
    await client.query(`create database ${client.escapeIdentifier(name)}`).catch((error: pg.DatabaseError) => {
      // Another process created it at the same moment: PostgreSQL reports either of the two codes.
      if (error.code !== "42P04" && error.code !== "23505") throw error;
    });
  } finally {
    await client.end();
  }
}

/** A server whose processors are busy may take longer to accept than one attempt lasts. */
async function connectPatiently(cluster: Cluster, port: number): Promise<pg.Client> {
  const deadline = elapsedMs() + startMs;
  for (;;) {
    try {
      return await connect(cluster, port);
    } catch (error) {
      if (!isPassing(error) || elapsedMs() > deadline) throw error;
      await delay(100);
    }
  }
}

/** Errors of a server that starts, recovers or stops; other errors would not go away by waiting. */
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

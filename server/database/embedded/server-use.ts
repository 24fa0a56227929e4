import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../../platform/log";
import { address, type Cluster, giveTo } from "./cluster";
import { type Guard, type GuardOptions, startGuard, useKey } from "./guard";
import { findServer, type Server } from "./postmaster";
import { Revival } from "./revival";

/** Interval between attempts to reopen a cut connection. */
const reopenMs = 1_000;
/** After finding another process's guard, how soon this process checks that it still runs. */
const guardAgainMs = 10_000;

/** A connection that holds the use lock, and a promise of its end. */
export interface UseLock {
  client: pg.Client;
  ended: Promise<unknown>;
}

/** A session on the cluster's maintenance database. */
export async function connect(cluster: Cluster, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: address(cluster, port, "postgres"),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // Without a listener, the error of a cut connection would end the process.
  client.on("error", () => {});
  await client.connect();
  return client;
}

export async function takeUseLock(cluster: Cluster, port: number): Promise<UseLock> {
  const client = await connect(cluster, port);
  const ended = new Promise((resolve) => client.once("end", resolve));
  try {
    // Waits while another process is stopping the server; the connection is then cut, and we start the server again.
    await client.query("select pg_advisory_lock_shared($1)", [useKey]);
    return { client, ended };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * Keeps the use lock and the guard while this process uses the server: their connections may be cut by a crash of the
 * server or by an administrator, and without them the server would stop under a process that is idle. A server that has
 * ended alone is started again.
 */
export class ServerUse {
  readonly #cluster: Cluster;
  readonly #log: Logger;
  readonly #options: GuardOptions;
  readonly #leaving = new AbortController();
  readonly #revival: Revival;
  readonly #kept: Promise<void>;
  #useLock: UseLock;
  #guard: Guard | undefined;

  constructor(cluster: Cluster, useLock: UseLock, { log, ...options }: GuardOptions & { log: Logger }) {
    this.#cluster = cluster;
    this.#useLock = useLock;
    this.#log = log;
    this.#options = options;
    this.#revival = new Revival(cluster, log, options);
    this.#kept = this.#keepUseLock();
  }

  /** Resolves once the server is guarded, by this process or another; keeps it guarded afterwards. */
  async guard(server: Server): Promise<void> {
    await this.#openGuard(server);
    void this.#keepGuard();
  }

  /** The guard's session is kept: other processes may still use the server, and be killed. */
  async end(): Promise<void> {
    this.#leaving.abort();
    // A start that is under way ends first: it would leave a server that nobody stops.
    await Promise.all([this.#useLock.client.end(), this.#guard?.detach(), this.#kept]);
    this.#revival.guarded();
  }

  async #keepUseLock(): Promise<void> {
    for (;;) {
      await this.#useLock.ended;
      if (this.#leaving.signal.aborted) return;
      const { port: lastPort } = this.#useLock.client;
      this.#log.warn("the connection to the embedded PostgreSQL has ended");
      await this.#reopen(
        async ({ port }) => {
          this.#useLock = await takeUseLock(this.#cluster, port);
          // `end` was called while the connection was opened.
          if (this.#leaving.signal.aborted) await this.#useLock.client.end();
          else if (port === lastPort) this.#log.info("the embedded PostgreSQL answers again");
          else this.#log.error({ port, lastPort }, "the embedded PostgreSQL has another port: restart the site");
        },
        () => this.#revival.try(lastPort),
      );
    }
  }

  async #keepGuard(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      await this.#guard?.ended;
      await this.#pause(guardAgainMs);
      await this.#reopen((server) => this.#openGuard(server));
    }
  }

  async #openGuard({ pid, port }: Server): Promise<void> {
    const guard = await startGuard(this.#cluster, port, this.#options);
    this.#guard = guard;
    if (this.#leaving.signal.aborted) await guard.detach();
    await noteGuarded(this.#cluster, pid);
    this.#revival.guarded();
  }

  /** Retries until it succeeds or this process leaves; `ifNone`: no server runs. */
  async #reopen(open: (server: Server) => Promise<void>, ifNone = async () => {}): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      if (!(await findServer(this.#cluster))) await ifNone();
      const server = await findServer(this.#cluster);
      const opened =
        server &&
        (await open(server).then(
          () => true,
          () => false,
        ));
      if (opened) return;
      await this.#pause(reopenMs);
    }
  }

  #pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#leaving.signal }).catch(() => {});
  }
}

/** Tells the shell of `watchStart` that the server is guarded. */
async function noteGuarded(cluster: Cluster, pid: number): Promise<void> {
  if ((await readFile(cluster.guardedFile, "utf8").catch(() => "")) === String(pid)) return;
  await writeFile(cluster.guardedFile, String(pid));
  await giveTo(cluster, cluster.guardedFile);
}

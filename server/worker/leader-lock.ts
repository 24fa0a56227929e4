import pg from "pg";
import { lockKeyOf, sessionOf } from "../database/address";
import { schemaOf } from "../platform/database-schema";
import type { Logger } from "../platform/log";
import { wakeChannel } from "../queue/queue";

/** Any number will do, as long as every process of the fleet uses the same. */
const lockKey = 1_777_024;
const pingMs = 3_000;
/** PostgreSQL ends a session that was silent for so long, so that a frozen process loses the leader lock. */
const silenceMs = 15_000;

/**
 * The right to speak to the portal: one process in the fleet holds it, because pace and duplicates are per portal.
 * A session advisory lock on a connection of its own: it ends with the process, at once. PostgreSQL's
 * idle_session_timeout ends it for a process that hangs; such a process finds out before its next request.
 */
export class LeaderLock {
  readonly #databaseUrl: string;
  readonly #schema: string;
  readonly #log: Logger;
  #client: pg.Client | undefined;
  #held = false;
  #seenAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #lost = new AbortController();
  #complained = false;
  #onWake: () => void = () => {};

  constructor(databaseUrl: string, log: Logger) {
    this.#databaseUrl = databaseUrl;
    this.#schema = schemaOf(databaseUrl);
    this.#log = log;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Aborts when the leader lock is lost, to end requests in flight. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Calls back whenever a job was committed anywhere. */
  onWake(listener: () => void): void {
    this.#onWake = listener;
  }

  /** Tries to become the speaker; true if this process is it now. An unreachable database counts as no. */
  async tryAcquire(): Promise<boolean> {
    if (this.#held) return true;
    let client = this.#client;
    try {
      client ??= await this.#connect();
      const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [
        lockKeyOf(lockKey, this.#schema),
      ]);
      this.#seenAt = Date.now();
      this.#complained = false;
      if (!rows[0]?.held) return false;
      this.#held = true;
      this.#lost = new AbortController();
      return true;
    } catch (error) {
      if (!this.#complained) this.#log.warn({ err: error }, "the lease on the portal cannot be asked for");
      this.#complained = true;
      this.#drop(client, error);
      return false;
    }
  }

  /** Throws unless this process surely still holds the leader lock; asks the database if the last sign is not fresh. */
  async assertHeld(): Promise<void> {
    if (this.#held && Date.now() - this.#seenAt > pingMs * 2) await this.#ping();
    if (!this.#held) throw new LeadershipLostError();
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    this.#held = false;
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...sessionOf(this.#databaseUrl, "leader"),
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client.on("error", (error) => this.#drop(client, error));
    client.on("end", () => this.#drop(client, undefined));
    // A release that names no installation wakes all.
    client.on("notification", ({ payload }) => {
      if (!payload || payload === this.#schema) this.#onWake();
    });
    try {
      await client.connect();
      await client.query(`set idle_session_timeout = ${silenceMs}`);
      await client.query(`listen ${wakeChannel}`);
    } catch (error) {
      // Left open, one connection a second would pile up at a server that takes them and refuses the settings.
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    this.#timer = setInterval(() => void this.#ping(), pingMs);
    return client;
  }

  async #ping(): Promise<void> {
    const client = this.#client;
    try {
      await client?.query("select 1");
      if (client === this.#client) this.#seenAt = Date.now();
    } catch (error) {
      this.#drop(client, error);
    }
  }

  /** Gives up a connection; late events of a connection that was closed before are ignored. */
  #drop(client: pg.Client | undefined, error: unknown): void {
    if (!client || client !== this.#client) return;
    clearInterval(this.#timer);
    this.#client = undefined;
    if (this.#held) this.#log.warn({ err: error }, "the lease on the portal is lost");
    this.#held = false;
    this.#lost.abort(new LeadershipLostError());
    client.end().catch(() => {});
  }
}

/** Another process may speak to the portal now: whatever is in hand is left to it. */
export class LeadershipLostError extends Error {
  constructor() {
    super("the lease on the portal is lost");
    this.name = "LeaseLostError";
  }
}

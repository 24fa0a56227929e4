import pg from "pg";
import { lockKeyOf, sessionOf } from "../database/address";
import { schemaOf } from "../platform/database-schema";
import { elapsedMs } from "../platform/elapsed";
import type { Logger } from "../platform/log";
import { wakeChannel } from "../queue/queue";

/** Any number will do, as long as all processes use the same. */
const lockKey = 1_777_024;
const pingMs = 3_000;
/** PostgreSQL ends a session after this much silence, so that a frozen process loses the leader lock. */
const silenceMs = 15_000;

/**
 * The leader lock: only the process that holds it talks to the portal, because rate limits and duplicates are per
 * portal. It is a session advisory lock on a separate connection, so it ends at once with the process. For a process
 * that hangs, PostgreSQL's idle_session_timeout ends it; that process finds out before its next request.
 */
export class LeaderLock {
  readonly #databaseUrl: string;
  readonly #schema: string;
  readonly #log: Logger;
  #client: pg.Client | undefined;
  #lastAsked: Promise<unknown> = Promise.resolve();
  #held = false;
  #seenAt: Moment | undefined;
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

  /** Calls the listener whenever any process has committed a job. */
  onWake(listener: () => void): void {
    this.#onWake = listener;
  }

  /** Tries to become the leader; true if this process holds the lock now. An unreachable database counts as no. */
  async tryAcquire(): Promise<boolean> {
    if (this.#held) return true;
    let client = this.#client;
    try {
      client ??= await this.#connect();
      const { rows } = await this.#ask<{ held: boolean }>(client, "select pg_try_advisory_lock($1) as held", [
        lockKeyOf(lockKey, this.#schema),
      ]);
      this.#seenAt = momentOf();
      this.#complained = false;
      if (!rows[0]?.held) return false;
      this.#held = true;
      this.#lost = new AbortController();
      return true;
    } catch (error) {
      if (!this.#complained) this.#log.warn({ err: error }, "the leader lock cannot be requested");
      this.#complained = true;
      this.#drop(client, error);
      return false;
    }
  }

  /**
   * Throws unless this process certainly still holds the leader lock; asks the database if the last confirmation is not
   * fresh.
   */
  async assertHeld(): Promise<void> {
    if (this.#held && !isWithin(this.#seenAt, pingMs * 2)) await this.#ping();
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
    // A notification without an installation's name wakes all.
    client.on("notification", ({ payload }) => {
      if (!payload || payload === this.#schema) this.#onWake();
    });
    try {
      await client.connect();
      await client.query(`set idle_session_timeout = ${silenceMs}`);
      await client.query(`listen ${wakeChannel}`);
    } catch (error) {
      // Otherwise one connection per second would stay open at a server that accepts connections and refuses the
      // settings.
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    this.#lastAsked = Promise.resolve();
    this.#timer = setInterval(() => void this.#ping(), pingMs);
    return client;
  }

  /** One after another: the timer, the loop and each request may ask at the same moment. */
  #ask<Row extends pg.QueryResultRow>(client: pg.Client, sql: string, values: unknown[] = []) {
    const asked = this.#lastAsked.then(() => client.query<Row>(sql, values));
    this.#lastAsked = asked.catch(() => {});
    return asked;
  }

  async #ping(): Promise<void> {
    const client = this.#client;
    try {
      if (client) await this.#ask(client, "select 1");
      if (client === this.#client) this.#seenAt = momentOf();
    } catch (error) {
      this.#drop(client, error);
    }
  }

  /** Closes a connection; late events of a connection that was closed before are ignored. */
  #drop(client: pg.Client | undefined, error: unknown): void {
    if (!client || client !== this.#client) return;
    clearInterval(this.#timer);
    this.#client = undefined;
    if (this.#held) this.#log.warn({ err: error }, "the leader lock is lost");
    this.#held = false;
    this.#lost.abort(new LeadershipLostError());
    client.end().catch(() => {});
  }
}

/**
 * The same moment by two clocks. The time of day may be set; the other clock stands still while a machine is suspended.
 * Only what is recent by both is certainly recent.
 */
interface Moment {
  day: number;
  elapsed: number;
}

const momentOf = (): Moment => ({ day: Date.now(), elapsed: elapsedMs() });

function isWithin(moment: Moment | undefined, ms: number): boolean {
  if (!moment) return false;
  const now = momentOf();
  return Math.abs(now.day - moment.day) <= ms && now.elapsed - moment.elapsed <= ms;
}

/** Another process may be the leader now: it takes over the jobs in hand. */
export class LeadershipLostError extends Error {
  constructor() {
    super("the leader lock is lost");
    this.name = "LeadershipLostError";
  }
}

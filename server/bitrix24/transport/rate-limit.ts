import type { Pool } from "pg";
import type { Logger } from "../../platform/log";
import { operatingStop } from "./operating-limits";

/** If the portal does not tell when the oldest minute leaves the sum, the method is tried again after one minute. */
const unknownResetSeconds = 60;
/**
 * An upper bound for the reset: the portal counts ten minutes. A later time comes from a clock that differs from ours, or
 * from before ours was set back.
 */
const longestResetSeconds = 660;

interface Operating {
  operating: number;
  /** Unix seconds when the oldest of the ten minutes no longer counts. */
  resetAt: number;
}

export interface RateLimiterOptions {
  pool: Pool;
  log: Logger;
  requestsPerSecond: number;
  burst: number;
}

/** The part of the rate limiter that the client uses. */
export type RateLimit = Pick<RateLimiter, "take" | "penalize" | "report" | "refused" | "blockedUntil" | "secondsLeft">;

/** For single commands with few requests, which have no database to share a bucket through. */
export const withoutRateLimit: RateLimit = {
  take: async () => {},
  penalize: (seconds) => delay(seconds * 1000),
  report: () => {},
  refused: () => inSeconds(unknownResetSeconds),
  blockedUntil: () => undefined,
  secondsLeft: () => Number.POSITIVE_INFINITY,
};

/**
 * The portal's limits, shared by all processes through one database row: a token bucket for requests, and the
 * portal's own count of execution seconds per method (480 s in 10 minutes per webhook and method).
 */
export class RateLimiter {
  readonly #options: RateLimiterOptions;
  readonly #operating = new Map<string, Operating>();
  /** The methods whose figures are not stored yet. */
  readonly #unsaved = new Set<string>();
  #isSaving = false;

  constructor(options: RateLimiterOptions) {
    this.#options = options;
  }

  /** Loads what other processes have stored; called when a process becomes the leader. */
  async load(): Promise<void> {
    const { rows } = await this.#options.pool.query<{ operating: Record<string, Operating> }>(
      'select operating from "CrmPortal" where id = 1',
    );
    for (const [method, figure] of Object.entries(rows[0]?.operating ?? {})) this.#operating.set(method, figure);
  }

  /**
   * Takes one request from the bucket and waits until it is due. The bucket may go into debt: each caller reserves its
   * place in one statement, so that processes wait in order without polling.
   */
  async take(): Promise<void> {
    const { pool, requestsPerSecond, burst } = this.#options;
    const { rows } = await pool.query<{ tokens: number }>(
      `update "CrmPortal" set
         tokens = least($1::float8, tokens + greatest(0, extract(epoch from clock_timestamp() - "tokensAt")) * $2::float8) - 1,
         "tokensAt" = clock_timestamp()
       where id = 1 returning tokens`,
      [burst, requestsPerSecond],
    );
    const debt = -(rows[0]?.tokens ?? 0);
    if (debt > 0) await delay((debt / requestsPerSecond) * 1000);
  }

  /** Keeps the bucket empty for this many more seconds: the portal reported that its own bucket is full. */
  async penalize(seconds: number): Promise<void> {
    const { pool, requestsPerSecond } = this.#options;
    await pool.query(
      `update "CrmPortal" set tokens = least(tokens, 0) - $1::float8, "tokensAt" = clock_timestamp() where id = 1`,
      [seconds * requestsPerSecond],
    );
  }

  /** Stores the `time` member of an answer; every part of it is optional. */
  report(method: string, time: unknown): void {
    const { operating, operating_reset_at } = (time ?? {}) as { operating?: unknown; operating_reset_at?: unknown };
    if (typeof operating !== "number") return;
    const told = typeof operating_reset_at === "number" ? operating_reset_at : unixNow() + unknownResetSeconds;
    // A time beyond the range of dates, or years ahead, would stop the method for ever.
    const resetAt = Math.min(told, unixNow() + longestResetSeconds);
    this.#operating.set(method, { operating, resetAt });
    if (operating > operatingStop / 2) void this.#save(method);
  }

  /** Stores that the portal refused a method for its execution time, and returns when to try again. */
  refused(method: string): Date {
    const known = this.#operating.get(method)?.resetAt ?? 0;
    const resetAt = isAhead(known) ? known : unixNow() + unknownResetSeconds;
    this.#operating.set(method, { operating: operatingStop, resetAt });
    void this.#save(method);
    return new Date(resetAt * 1000);
  }

  /** When the first of these methods may be used again, or undefined if all may be used now. */
  blockedUntil(methods: string[]): Date | undefined {
    const now = unixNow();
    const blocked = methods
      .map((method) => this.#operating.get(method))
      .filter((figure) => figure !== undefined)
      .filter((figure) => figure.operating >= operatingStop && isAhead(figure.resetAt, now));
    return blocked.length === 0 ? undefined : new Date(Math.max(...blocked.map((figure) => figure.resetAt)) * 1000);
  }

  /** Seconds of execution left before we stop using the method; Infinity if the portal does not tell. */
  secondsLeft(method: string): number {
    const figure = this.#operating.get(method);
    if (!figure || !isAhead(figure.resetAt)) return Number.POSITIVE_INFINITY;
    return Math.max(0, operatingStop - figure.operating);
  }

  /**
   * Writes one at a time: a batch returns up to fifty values at once, and the last of them must not be overwritten by
   * an earlier one.
   */
  async #save(method: string): Promise<void> {
    this.#unsaved.add(method);
    if (this.#isSaving) return;
    this.#isSaving = true;
    while (this.#unsaved.size > 0) {
      const methods = [...this.#unsaved];
      this.#unsaved.clear();
      if (await this.#write(methods)) continue;
      // With the next figure: a method that is blocked reports no other.
      for (const unsaved of methods) this.#unsaved.add(unsaved);
      break;
    }
    this.#isSaving = false;
  }

  /** Leaves all other methods as they are stored: what was loaded of them may be older. */
  async #write(methods: string[]): Promise<boolean> {
    const figures = Object.fromEntries(methods.map((method) => [method, this.#operating.get(method)]));
    try {
      await this.#options.pool.query('update "CrmPortal" set operating = operating || $1::jsonb where id = 1', [
        JSON.stringify(figures),
      ]);
      return true;
    } catch (error) {
      this.#options.log.warn({ err: error }, "API usage was not saved");
      return false;
    }
  }
}

const unixNow = () => Date.now() / 1000;
const isAhead = (resetAt: number, now = unixNow()) => resetAt > now && resetAt <= now + longestResetSeconds;
const inSeconds = (seconds: number) => new Date((unixNow() + seconds) * 1000);
const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

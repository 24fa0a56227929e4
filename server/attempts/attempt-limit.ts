import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { preparing } from "../database/prepared";
import type { Services } from "../services";
import { keyedHash } from "./keyed-hash";
import { networksOf } from "./networks";

/** Counts an attempt of this address; the seconds to wait if it has had its share, else null. */
export type AttemptLimit = (address: string) => Promise<number | null>;

export interface AttemptLimitOptions {
  /** What is counted. Limits of one name share their counts, whichever process they are in. */
  name: string;
  /** 0 means any number. */
  attempts: number;
  /** Length of the window, which begins with the first attempt. */
  seconds?: number;
}

/**
 * So many attempts for each address and window, counted in the database by all processes together. It is asked by the
 * action that it protects, not by path: a page has more spellings (`/register.data`, `/%72egister`) than a list would hold.
 */
export function createAttemptLimit(
  { pool, env }: Pick<Services, "pool" | "env">,
  { name, attempts, seconds = 60 }: AttemptLimitOptions,
): AttemptLimit {
  if (attempts === 0) return async () => null;
  const limiters = new Map<number, RateLimiterPostgres>();
  const limiterFor = (shares: number): RateLimiterPostgres => {
    const limiter = limiters.get(shares) ?? createLimiter(pool, name, attempts * shares, seconds);
    limiters.set(shares, limiter);
    return limiter;
  };
  return async (address) => {
    const waits = await Promise.all(
      networksOf(address).map(({ key, shares }) => waitOf(limiterFor(shares), keyedHash(env, key))),
    );
    return waits.reduce((longest, wait) => ((wait ?? 0) > (longest ?? 0) ? wait : longest), null);
  };
}

function createLimiter(pool: Services["pool"], name: string, points: number, duration: number) {
  return new RateLimiterPostgres({
    // Its statements are prepared, which not every pooler bears.
    storeClient: preparing(pool),
    storeType: "pool",
    tableName: "AttemptCount",
    // Its migration has made it.
    tableCreated: true,
    keyPrefix: `${name}:${points}`,
    points,
    duration,
    // A flood costs the database nothing once it is refused.
    inMemoryBlockOnConsumed: points + 1,
    // While the database is away, what is attempted fails for that reason and not for this one.
    insuranceLimiter: new RateLimiterMemory({ points, duration }),
  });
}

async function waitOf(limiter: RateLimiterPostgres, key: string, isFirst = true): Promise<number | null> {
  try {
    await limiter.consume(key);
    return null;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    // The window would end later than a new one: the clock was set back since it began.
    if (isFirst && refused.msBeforeNext > limiter.duration * 1_000) {
      await limiter.delete(key);
      return waitOf(limiter, key, false);
    }
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
  }
}

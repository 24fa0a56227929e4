import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Services } from "../services";
import { keyedNetworks } from "./networks";
import { countingTogether } from "./one-statement";

/** Counts an attempt of this address; the seconds to wait if it has had its share, else null. */
export type AttemptLimit = (address: string) => Promise<number | null>;

/** An attempt limit that may be one of two that count the same attempt. */
export interface PairableLimit extends AttemptLimit {
  /** Whether this process knows that the address has had its share, so that nothing is counted. */
  isUsedUp(address: string): boolean;
  /** Takes back an attempt that was counted. */
  giveBack(address: string): Promise<void>;
  /**
   * Whether the work of an attempt may begin while it is still being counted. This process lets no more of it begin for an
   * address than its share: what the database refuses afterwards, because of other processes, is work in vain.
   */
  mayBegin(address: string): Promise<boolean>;
}

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
): PairableLimit {
  if (attempts === 0) return unlimited;
  const limiters = new Map<number, { limiter: Limiter; begun: RateLimiterMemory }>();
  const limitersFor = (shares: number) => {
    const known = limiters.get(shares);
    if (known) return known;
    const points = attempts * shares;
    const made = {
      limiter: createLimiter(pool, name, points, seconds),
      begun: new RateLimiterMemory({ points, duration: seconds }),
    };
    limiters.set(shares, made);
    return made;
  };
  const countersOf = (address: string) =>
    keyedNetworks(env, address).map(({ key, shares }) => ({ ...limitersFor(shares), key }));
  const attempt = async (address: string) => {
    const waits = await Promise.all(countersOf(address).map(({ limiter, key }) => waitOf(limiter, key)));
    return waits.reduce((longest, wait) => ((wait ?? 0) > (longest ?? 0) ? wait : longest), null);
  };
  const isUsedUp = (address: string) =>
    countersOf(address).some(({ limiter, key }) => limiter.getInMemoryBlockMsBeforeExpire(limiter.getKey(key)) > 0);
  return Object.assign(attempt, {
    isUsedUp,
    mayBegin: async (address: string) => {
      if (isUsedUp(address)) return false;
      const begun = countersOf(address).map(({ begun, key }) => begun.consume(key));
      return (await Promise.allSettled(begun)).every(({ status }) => status === "fulfilled");
    },
    giveBack: async (address: string) => {
      await Promise.all(countersOf(address).map(({ limiter, key }) => limiter.reward(key)));
    },
  });
}

/**
 * Counts an attempt by two limits, by one statement; the second one does not count what the first refuses. The seconds
 * to wait by each.
 */
export async function attemptBoth(
  first: PairableLimit,
  second: PairableLimit,
  address: string,
): Promise<{ first: number | null; second: number | null }> {
  if (first.isUsedUp(address)) return { first: await first(address), second: null };
  const waits = await Promise.all([first(address), second(address)]);
  if (waits[0] === null) return { first: null, second: waits[1] };
  // Counted before the first limit had answered.
  if (waits[1] === null) await second.giveBack(address);
  return { first: waits[0], second: null };
}

const unlimited: PairableLimit = Object.assign(async () => null, {
  isUsedUp: () => false,
  mayBegin: async () => true,
  giveBack: async () => {},
});

/** Its types leave out how long it refuses a key without asking the database. */
type Limiter = RateLimiterPostgres & { getInMemoryBlockMsBeforeExpire(key: string): number };

function createLimiter(pool: Services["pool"], name: string, points: number, duration: number) {
  const limiter = new RateLimiterPostgres({
    // Its statements are prepared, and those of one attempt sent as one.
    storeClient: countingTogether(pool),
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
  return limiter as Limiter;
}

async function waitOf(limiter: Limiter, key: string, isFirst = true): Promise<number | null> {
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

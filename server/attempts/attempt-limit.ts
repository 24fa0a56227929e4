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
  /** The seconds to wait, as far as this process knows, also for the networks around the address; null if none. */
  knownWait(address: string): number | null;
  /** Counts an attempt, which can be taken back. */
  count(address: string): Promise<CountedAttempt>;
  /**
   * Whether the work of an attempt may begin while it is still being counted. This process lets no more of it begin for an
   * address than its share: what the database refuses afterwards, because of other processes, is work in vain.
   */
  mayBegin(address: string): Promise<boolean>;
}

interface CountedAttempt {
  /** The seconds to wait; null if the attempt may go on. */
  wait: number | null;
  /** Takes the attempt back where it was counted. */
  giveBack(): Promise<void>;
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
  const count = async (address: string): Promise<CountedAttempt> => {
    const counts = await Promise.all(
      countersOf(address).map(async ({ limiter, key }) => ({ limiter, key, ...(await countOnce(limiter, key)) })),
    );
    return {
      wait: counts.reduce<number | null>((longest, { wait }) => ((wait ?? 0) > (longest ?? 0) ? wait : longest), null),
      giveBack: async () => {
        const counted = counts.filter(({ isCounted }) => isCounted);
        await Promise.all(counted.map(({ limiter, key }) => giveBackOnce(limiter, key)));
      },
    };
  };
  const attempt = async (address: string) => (await count(address)).wait;
  const knownWait = (address: string) => {
    const waits = countersOf(address).map(({ limiter, key }) =>
      limiter.getInMemoryBlockMsBeforeExpire(limiter.getKey(key)),
    );
    const longest = Math.max(...waits);
    return longest > 0 ? Math.ceil(longest / 1_000) : null;
  };
  const isUsedUp = (address: string) => knownWait(address) !== null;
  return Object.assign(attempt, {
    isUsedUp,
    knownWait,
    count,
    mayBegin: async (address: string) => {
      if (isUsedUp(address)) return false;
      const begun = countersOf(address).map(({ begun, key }) => begun.consume(key));
      return (await Promise.allSettled(begun)).every(({ status }) => status === "fulfilled");
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
  const [one, other] = await Promise.all([first.count(address), second.count(address)]);
  if (one.wait === null) return { first: null, second: other.wait };
  // Counted before the first limit had answered, also where the second one refused as well.
  await other.giveBack();
  return { first: one.wait, second: null };
}

const unlimited: PairableLimit = Object.assign(async () => null, {
  isUsedUp: () => false,
  knownWait: () => null,
  count: async () => ({ wait: null, giveBack: async () => {} }),
  mayBegin: async () => true,
});

/** Its types leave out the keys that it refuses without asking the database, and for how long. */
type Limiter = RateLimiterPostgres & {
  getInMemoryBlockMsBeforeExpire(key: string): number;
  _inMemoryBlockedKeys: { delete(key: string): void };
};

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

async function countOnce(
  limiter: Limiter,
  key: string,
  isFirst = true,
): Promise<{ wait: number | null; isCounted: boolean }> {
  try {
    await limiter.consume(key);
    return { wait: null, isCounted: true };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    // The window would end later than a new one: the clock was set back since it began.
    if (isFirst && refused.msBeforeNext > limiter.duration * 1_000) {
      await limiter.delete(key);
      return countOnce(limiter, key, false);
    }
    const wait = Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
    // What is refused without asking the database has no number there.
    return { wait, isCounted: refused.consumedPoints > 0 };
  }
}

async function giveBackOnce(limiter: Limiter, key: string): Promise<void> {
  await limiter.reward(key);
  // Counts that are being given back may have used up the share for a moment: the next attempt asks the database.
  limiter._inMemoryBlockedKeys.delete(limiter.getKey(key));
}

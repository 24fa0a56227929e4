import { ipKeyGenerator, MemoryStore } from "express-rate-limit";

/** Counts an attempt of this address; the seconds to wait if it has had its share, else null. */
export type AttemptLimit = (address: string) => Promise<number | null>;

const windowMs = 60_000;

/**
 * So many attempts for each address and minute, counted in this process; 0 means any number. It is asked by the
 * action that it protects, not by path: a page has more spellings (`/register.data`, `/%72egister`) than a list would hold.
 */
export function createAttemptLimit(perMinute: number): AttemptLimit {
  if (perMinute === 0) return async () => null;
  const store = new MemoryStore();
  store.init({ windowMs } as Parameters<MemoryStore["init"]>[0]);
  return async (address) => {
    // An IPv6 household has a whole network of addresses.
    const { totalHits, resetTime } = await store.increment(ipKeyGenerator(address));
    if (totalHits <= perMinute) return null;
    return Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1_000));
  };
}

import type { PairableLimit } from "../attempts/attempt-limit";
import { elapsedMs } from "../platform/elapsed";
import { AppError } from "../platform/errors";
import { bearerHash } from "./api-tokens";

/** How many unknown tokens an address may try in a minute. */
export const unknownTokensPerMinute = 60;

/** How long a token that was valid is let through, whatever other programs at the same address try. */
const trustMs = 10 * 60_000;
/** Limit on remembered tokens; the oldest are forgotten first. */
const maxRemembered = 10_000;

export interface TokenGuard {
  /**
   * Throws TOO_MANY with `retryAfter` if this address has tried too many unknown tokens. Does not query the database.
   */
  check(authorization: string | null, address: string): void;
  /** Records whether the token was known. */
  note(authorization: string | null, address: string, isKnown: boolean): Promise<void>;
}

/**
 * Delays addresses, and the networks around them, that try many made-up tokens: each would cost a query, and might hit a
 * real token.
 */
export function createTokenGuard(limit: PairableLimit): TokenGuard {
  const trustedUntil = new Map<string, number>();
  return {
    check(authorization, address) {
      const hash = bearerHash(authorization);
      const retryAfter = limit.knownWait(address);
      if (hash === null || retryAfter === null || (trustedUntil.get(hash) ?? 0) > elapsedMs()) return;
      const params = { maximum: unknownTokensPerMinute, retryAfter };
      throw new AppError("TOO_MANY", {
        details: { retryAfter, issues: [{ path: [], code: "too_many_unknown_tokens", params }] },
      });
    },
    async note(authorization, address, isKnown) {
      const hash = bearerHash(authorization);
      if (hash === null) return;
      if (isKnown) return remember(trustedUntil, hash, elapsedMs() + trustMs);
      trustedUntil.delete(hash);
      await limit(address);
    },
  };
}

function remember(map: Map<string, number>, key: string, until: number): void {
  map.delete(key);
  map.set(key, until);
  const [oldest] = map.keys();
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest);
}

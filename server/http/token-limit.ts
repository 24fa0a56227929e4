import type { Request, RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { bearerHash } from "../auth/api-tokens";
import { isTrpc } from "./api-paths";
import { refuse, tooManyCalls, tooManyRequests } from "./reply";
import { decoded } from "./secret-paths";

export const callsPerTokenAndMinute = 600;
/** Limit of one batch: a token may not make more calls per minute anyway. */
export const maxBatchCalls = callsPerTokenAndMinute;

const seconds = 60;

/**
 * How many tokens are counted at a time, since made-up ones are, too: the one that has called longest ago is counted anew.
 */
const mostTokens = 10_000;

/**
 * Limits calls per API token and minute, counting each call of a batch, in this process and before the database is
 * queried. By token and not by address, since the programs of one company share an address and one program may have
 * many. A batch above the limit is rejected for every sender.
 */
export function limitCalls(perMinute: number, { most = mostTokens } = {}): RequestHandler {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: seconds });
  const counted = new Set<string>();
  const forgetOldest = (key: string) => {
    counted.delete(key);
    counted.add(key);
    const [oldest] = counted;
    if (counted.size <= most || oldest === undefined) return;
    counted.delete(oldest);
    void limiter.delete(oldest);
  };
  return async (req, res, next) => {
    const calls = callsOf(req);
    if (calls > maxBatchCalls) return refuse(req, res, 400, tooManyCalls(calls, maxBatchCalls));
    const key = bearerHash(req.get("authorization"));
    if (key === null) return next();
    forgetOldest(key);
    const { consumedPoints, remainingPoints, msBeforeNext } = await count(limiter, key, calls);
    const wait = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    res.set("RateLimit-Policy", `"calls";q=${perMinute};w=${seconds}`);
    res.set("RateLimit", `"calls";r=${remainingPoints};t=${wait}`);
    if (consumedPoints <= perMinute) return next();
    res.set("Retry-After", String(wait));
    refuse(req, res, 429, tooManyRequests(perMinute, calls, wait));
  };
}

/** The path of a batch names its procedures, separated by commas. */
function callsOf(req: Request): number {
  if (!isTrpc(req.path)) return 1;
  return decoded(req.path).split(",").length;
}

async function count(limiter: RateLimiterMemory, key: string, calls: number): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, calls);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return refused;
    throw refused;
  }
}

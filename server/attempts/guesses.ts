import { Prisma } from "../../prisma/generated/client";
import type { OldRows } from "../database/old-rows";
import { maxId } from "../platform/ids";
import type { Services } from "../services";
import { keyedHash } from "./keyed-hash";

/**
 * Guesses at one account, from wherever they come, shared by all processes. They are slowed down and never locked out: a
 * lock would let any stranger keep an owner out, while a growing delay leaves a guesser some hundred tries a day.
 */

type GuessServices = Pick<Services, "db" | "env">;

/** What guesses are counted under. */
export interface GuessCounter {
  key: string;
  /** How many times the free guesses it has; left out: once. */
  shares?: number;
}

const firstDelaySeconds = 15;
const longestDelaySeconds = 15 * 60;
/** Guesses are forgotten after a day without one. */
const forgetAfter = "1 day";

/**
 * Takes the turn of one guess before it is looked at, so that guesses sent at the same moment do not all pass; the
 * seconds to wait if there is none now, else null. As many as RATE_LIMIT_LOGIN follow without delay; 0 switches it off.
 */
export async function takeGuess({ db, env }: GuessServices, key: string, shares = 1): Promise<number | null> {
  const free = Math.min(maxId, env.RATE_LIMIT_LOGIN * shares);
  if (free === 0) return null;
  const hash = keyedHash(env, key);
  const taken = await db.$executeRawUnsafe(
    `insert into "GuessCount" as g (key, failures, "retryAt")
     values ($1, 1, ${instantSql} + make_interval(secs => ${delaySql("1")}))
     on conflict (key) do update set
       failures = ${countSql}, "lastAt" = now(), "retryAt" = ${instantSql} + make_interval(secs => ${delaySql(countSql)})
     where g."retryAt" <= clock_timestamp()`,
    hash,
    free,
  );
  if (taken > 0) return null;
  const row = await db.guessCount.findUnique({ where: { key: hash }, select: { retryAt: true } });
  return Math.max(1, Math.ceil(((row?.retryAt.getTime() ?? 0) - Date.now()) / 1_000));
}

/**
 * Not now(), which is the beginning of the statement: of two guesses at the same moment the first may wait for the row
 * that the second has written, and that row would lie in its future. Cut to the column's precision, which rounds up otherwise.
 */
const instantSql = "date_trunc('milliseconds', clock_timestamp())";

const countSql = `case when g."lastAt" < now() - interval '${forgetAfter}' then 1 else g.failures + 1 end`;

/** What the next guess has to wait for: nothing at first, then twice as long each time. */
const delaySql = (count: string): string =>
  `case when ${count} < $2 then 0
   else least(${longestDelaySeconds}, ${firstDelaySeconds} * power(2, least(20, ${count} - $2))) end`;

/** The same by several counters in turn: those after the one that has no turn do not count the guess. */
export async function takeGuessOfEach(services: GuessServices, counters: GuessCounter[]): Promise<number | null> {
  for (const { key, shares } of counters) {
    const wait = await takeGuess(services, key, shares);
    if (wait !== null) return wait;
  }
  return null;
}

/** After the right password, or a new one. */
export async function forgetGuesses({ db, env }: GuessServices, ...keys: string[]): Promise<void> {
  if (env.RATE_LIMIT_LOGIN === 0) return;
  await db.guessCount.deleteMany({ where: { key: { in: keys.map((key) => keyedHash(env, key)) } } });
}

/** What no longer delays anything, by the clock that counts it. */
export const oldGuesses = (): OldRows => ({
  table: "GuessCount",
  column: "lastAt",
  before: Prisma.raw(`now() - interval '${forgetAfter}'`),
});

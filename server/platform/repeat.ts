import type { Logger } from "./log";

/**
 * Looks for work at intervals, never twice at a time. `look` reports its own failures and does not reject. Returns a
 * function that ends this, once the look that is under way is done.
 *
 * @param begun a look that has begun already
 */
export function lookEvery(everyMs: number, look: () => Promise<void>, begun = Promise.resolve()): () => Promise<void> {
  let looking = begun;
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

/** Every process reads what administrators change this often: a statement over a few rows. */
const freshMs = 2_000;

/** What a process holds of the database, read again at intervals. */
export interface Fresh {
  /** Reads it again, for a process that has just changed it or shows it. Rejects if it cannot be read. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Reads now, and goes on reading unless `follow` is false. A reading that fails later leaves what was read before, which
 * is named `what` in the log.
 */
export async function keepFresh(
  read: () => Promise<void>,
  { log, what, follow }: { log: Logger; what: string; follow: boolean },
): Promise<Fresh> {
  // One after another: an older answer that comes late must not replace a newer one.
  let last = Promise.resolve();
  const reload = (): Promise<void> => {
    const next = last.then(read);
    last = next.catch(() => {});
    return next;
  };
  await reload();
  const again = () =>
    reload().catch((err: unknown) => log.debug({ err }, `the ${what} could not be read: the last ones stay`));
  const end = follow ? lookEvery(freshMs, again) : undefined;
  return {
    reload,
    stop: async () => {
      await end?.();
      await last;
    },
  };
}

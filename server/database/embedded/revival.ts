import { elapsedMs } from "../../platform/elapsed";
import type { Logger } from "../../platform/log";
import type { Cluster } from "./cluster";
import { isFreeWithin } from "./free-port";
import { type GuardOptions, watchStart } from "./guard";
import { findServer, startServer } from "./postmaster";

/** The wait after each start that followed soon on another one; it doubles up to the longest. */
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
/** Other processes that look whether the port is free take it for an instant. */
const portPatienceMs = 500;
/** A server that ran for so long counts as sound. */
const soundAfterMs = 5 * 60_000;

/**
 * Starts a server again that has ended under a living process, ever more rarely where it does not stay. Always on its
 * port: this process's pools know no other.
 */
export class Revival {
  readonly #cluster: Cluster;
  readonly #log: Logger;
  readonly #options: GuardOptions;
  #tries = 0;
  #lastTry = Number.NEGATIVE_INFINITY;
  #endWatch: (() => void) | undefined;

  constructor(cluster: Cluster, log: Logger, options: GuardOptions) {
    this.#cluster = cluster;
    this.#log = log;
    this.#options = options;
  }

  /** Several processes may try at once: PostgreSQL's lock file decides which one starts it. */
  async try(port: number): Promise<void> {
    const since = elapsedMs() - this.#lastTry;
    if (since > soundAfterMs) this.#tries = 0;
    const wait = this.#tries === 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** (this.#tries - 1));
    if (since < wait) return;
    this.#tries++;
    // Until there is a guard, the server must not outlive this process.
    this.#endWatch ??= watchStart(this.#cluster, this.#options);
    const attempt = { try: this.#tries };
    // A full disk, or no process left to start one with, must not end this process as well.
    const started = await startServer(this.#cluster, port).catch((err: unknown) => {
      this.#log.error({ ...attempt, err }, "starting the embedded PostgreSQL again failed");
      return false;
    });
    this.#lastTry = elapsedMs();
    if (started) this.#log.warn(attempt, "the embedded PostgreSQL had ended and was started again");
    else if (await this.#hasOtherProgram(port))
      this.#log.error(
        { port },
        "another program has the port of the embedded PostgreSQL: end it, or restart the site, which then takes another port",
      );
    // Another process may have been faster.
    else this.#log.warn(attempt, "the embedded PostgreSQL has ended, and this process did not start it");
  }

  /** Before and after: a server that another process starts, or has started and lost, has the port itself. */
  async #hasOtherProgram(port: number): Promise<boolean> {
    if (await findServer(this.#cluster)) return false;
    return !(await isFreeWithin(portPatienceMs, port)) && !(await findServer(this.#cluster));
  }

  /** The server has a guard, or is stopped by this process. */
  guarded(): void {
    this.#endWatch?.();
    this.#endWatch = undefined;
  }
}

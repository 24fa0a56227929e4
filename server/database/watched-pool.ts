import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../platform/log";
import { outsideRequests } from "../platform/request-trace";
import { DatabaseAwayError } from "./unavailable";

/** A healthy database answers within a millisecond; one that needs longer than this is considered away. */
const answerWithinMs = 1_100;
/** Interval of the checks while the pool is in use. With both attempts below, a request fails within three seconds. */
const everyMs = 400;

/** The connection that checks whether the database answers. */
type Probe = pg.Client & { ready: Promise<unknown> };

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: unknown) => void,
) => void;

/**
 * A pool that notices a database that has stopped answering. A closed port rejects connections at once, but a database
 * that hangs (a frozen machine, a full disk, a lost route) would keep every request waiting. So while the pool is in
 * use, a separate connection runs `select 1`. When two attempts fail, the connections in use are cut, so that their
 * requests fail with a clear error, and new requests are rejected until the database answers again.
 */
export class WatchedPool extends pg.Pool {
  readonly #config: pg.PoolConfig;
  readonly #log: Logger;
  readonly #inUse = new Set<pg.PoolClient>();
  #probe: Probe | undefined;
  #watching = false;
  #ended = false;
  #away: { told: Promise<never>; tell: (error: Error) => void } = awaySignal();
  #isAway = false;

  constructor(config: pg.PoolConfig, log: Logger) {
    super(config);
    this.#config = config;
    this.#log = log;
    this.on("acquire", (client) => void this.#inUse.add(client));
    this.on("release", (_error, client) => void this.#inUse.delete(client));
    this.on("remove", (client) => void this.#inUse.delete(client));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): undefined;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const client = this.#take();
    if (!callback) return client;
    client.then(
      (taken) => callback(undefined, taken, (error) => taken.release(error as Error | boolean | undefined)),
      (error: Error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  override async end(): Promise<void> {
    this.#ended = true;
    await super.end();
    await this.#probe?.ready.catch(() => {});
    await this.#probe?.end().catch(() => {});
  }

  async #take(): Promise<pg.PoolClient> {
    if (this.#isAway) throw new DatabaseAwayError();
    this.#watch();
    const taken = super.connect();
    try {
      return await Promise.race([taken, this.#away.told]);
    } catch (error) {
      // A connection that is established too late goes back to the pool unused.
      taken.then(
        (client) => client.release(),
        () => {},
      );
      throw error;
    }
  }

  /** Checks while the pool is in use or the database is away; an idle pool is not checked. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    void outsideRequests(() => this.#ask()).finally(() => {
      this.#watching = false;
    });
  }

  async #ask(): Promise<void> {
    do {
      await sleep(everyMs, undefined, { ref: false });
      if (this.#ended) return;
      // The second attempt has a new connection, since only the first one's may be lost. None after the pool's end,
      // which could not close it: it would keep a finished process alive.
      const answers = (await this.#answers()) || (!this.#ended && (await this.#answers()));
      if (this.#ended) return;
      if (answers && this.#isAway) this.#isBack();
      if (!answers && !this.#isAway) this.#goesAway();
    } while (this.#isAway || this.#inUse.size > 0 || this.waitingCount > 0);
  }

  async #answers(): Promise<boolean> {
    this.#probe ??= this.#newProbe();
    const probe = this.#probe;
    const answered = probe.ready
      .then(() => probe.query("select 1"))
      .then(
        () => true,
        () => false,
      );
    let isAnswered = await Promise.race([answered, sleep(answerWithinMs, undefined, { ref: false })]);
    // If this process itself was blocked, the answer may already have arrived: let the event loop read it.
    for (let turn = 0; turn < 3 && isAnswered === undefined; turn++)
      isAnswered = await Promise.race([answered, nextTurn(undefined)]);
    if (isAnswered === true) return true;
    this.#probe = undefined;
    cut(probe);
    return false;
  }

  #newProbe(): Probe {
    const { max: _, ...config } = this.#config;
    const client = new pg.Client({ ...config, connectionTimeoutMillis: answerWithinMs });
    client.on("error", () => {});
    return Object.assign(client, { ready: client.connect() });
  }

  #goesAway(): void {
    this.#isAway = true;
    this.#log.error("the database does not answer: requests are refused until it does");
    this.#away.tell(new DatabaseAwayError());
    for (const client of this.#inUse) cut(client);
  }

  #isBack(): void {
    this.#isAway = false;
    this.#away = awaySignal();
    this.#log.info("the database answers again");
  }
}

function awaySignal() {
  let tell: (error: Error) => void = () => {};
  const told = new Promise<never>((_, reject) => {
    tell = reject;
  });
  // Prevents an unhandled rejection: most requests never await it.
  told.catch(() => {});
  return { told, tell };
}

/** Closed without a terminate message, to which a hanging database would never react. */
const cut = (client: pg.ClientBase): void =>
  void (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "../platform/log";
import { DatabaseAwayError } from "./unavailable";

/** A question on an open connection is answered in a millisecond; a database that needs this long does not answer. */
const answerWithinMs = 1_100;
/** Between two questions while the pool is in use. With both tries below, a request knows within three seconds. */
const everyMs = 400;

/** The connection that asks whether the database answers. */
type Probe = pg.Client & { ready: Promise<unknown> };

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: unknown) => void,
) => void;

/**
 * A pool that notices a database that has stopped answering. A closed port refuses by itself, but a database that hangs
 * (a frozen machine, a full disk, a lost route) would keep every request waiting. So while the pool is in use a
 * connection of its own asks `select 1`. When two tries fail, the connections in use are cut, so that their requests
 * end with an error that says so, and new requests are refused at once until the database answers again.
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
      // A connection that is made after all goes back to the pool unused.
      taken.then(
        (client) => client.release(),
        () => {},
      );
      throw error;
    }
  }

  /** Asks as long as the pool is in use or the database is away; at rest no question is asked. */
  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    void this.#ask().finally(() => {
      this.#watching = false;
    });
  }

  async #ask(): Promise<void> {
    do {
      await sleep(everyMs, undefined, { ref: false });
      if (this.#ended) return;
      // The second try has a connection of its own: the first one's may have been lost alone.
      // None after the end, which could not close it any more: it would keep a finished process alive.
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
    // A process that was blocked itself finds the answer waiting: it gets a turn to read it.
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
  // Most requests never wait for it.
  told.catch(() => {});
  return { told, tell };
}

/** Without the usual goodbye, which a database that hangs would never answer. */
const cut = (client: pg.ClientBase): void =>
  void (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

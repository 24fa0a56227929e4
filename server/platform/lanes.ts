/**
 * Sends what waits in an outbox. Each receiver has a lane of its own, in which one message follows the other, so that a
 * receiver that hangs holds up no other; and all of it is apart from the worker, which never waits for a receiver. Any
 * number of processes may send side by side: a message is claimed in the database.
 */
export abstract class Lanes<Key> {
  readonly #lanes = new Map<Key, Promise<void>>();
  #stopping = false;

  /** The receivers that have messages due. */
  protected abstract due(): Promise<Key[]>;

  /** Sends one message; false if there is none to be sent now, which ends the lane. */
  protected abstract sendNext(key: Key): Promise<boolean>;

  /** A lane has ended because of this error. */
  protected abstract failed(key: Key, err: unknown): void;

  /** Starts a lane for each receiver that has messages due and no lane. */
  async startDue(): Promise<void> {
    for (const key of await this.due()) {
      if (this.#stopping || this.#lanes.has(key)) continue;
      const lane = this.#run(key)
        .catch((err: unknown) => this.failed(key, err))
        .finally(() => this.#lanes.delete(key));
      this.#lanes.set(key, lane);
    }
  }

  /** Until nothing can be sent any more. */
  async runDue(): Promise<void> {
    await this.startDue();
    await Promise.all(this.#lanes.values());
  }

  /** Lets the attempts that are under way end; no other one begins. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#lanes.values());
  }

  async #run(key: Key): Promise<void> {
    while (!this.#stopping && (await this.sendNext(key)));
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../platform/log";

interface Topic {
  /** The last value as JSON; undefined before the first reading. */
  json: string | undefined;
  value: unknown;
  watchers: Set<() => void>;
  /** Ends the loop's rest once nobody watches. */
  ended: AbortController;
}

/**
 * Reads something again and again for as long as anybody watches it, once for all who watch the same, and tells them
 * when it has changed. So a hundred open pages cost the database as much as one.
 */
export class SharedPoll {
  readonly #everyMs: number;
  readonly #log: Pick<Logger, "warn">;
  readonly #topics = new Map<string, Topic>();

  constructor({ everyMs, log }: { everyMs: number; log: Pick<Logger, "warn"> }) {
    this.#everyMs = everyMs;
    this.#log = log;
  }

  /** How many different things are being read. */
  get size(): number {
    return this.#topics.size;
  }

  /**
   * Yields the value as it is, then each that differs from the one before, until the signal aborts. Whoever uses the
   * same key must read the same. A failed reading is logged and tried again: the watchers keep the last value.
   */
  async *watch<T>(key: string, read: () => Promise<T>, signal: AbortSignal): AsyncGenerator<T> {
    const topic = this.#topics.get(key) ?? this.#open(key, read);
    let wake = () => {};
    const notify = () => wake();
    topic.watchers.add(notify);
    signal.addEventListener("abort", notify, { once: true });
    let seen: string | undefined;
    try {
      while (!signal.aborted) {
        if (topic.json === seen) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        seen = topic.json;
        yield topic.value as T;
      }
    } finally {
      signal.removeEventListener("abort", notify);
      topic.watchers.delete(notify);
      if (topic.watchers.size === 0) this.#close(key, topic);
    }
  }

  #open(key: string, read: () => Promise<unknown>): Topic {
    const topic: Topic = { json: undefined, value: undefined, watchers: new Set(), ended: new AbortController() };
    this.#topics.set(key, topic);
    void this.#run(topic, key, read);
    return topic;
  }

  #close(key: string, topic: Topic): void {
    topic.ended.abort();
    this.#topics.delete(key);
  }

  async #run(topic: Topic, key: string, read: () => Promise<unknown>): Promise<void> {
    const { signal } = topic.ended;
    while (!signal.aborted) {
      try {
        const value = await read();
        const json = JSON.stringify(value);
        if (json !== topic.json) {
          Object.assign(topic, { json, value });
          for (const notify of topic.watchers) notify();
        }
      } catch (error) {
        this.#log.warn({ err: error, key }, "live figures were not read");
      }
      await sleep(this.#everyMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}

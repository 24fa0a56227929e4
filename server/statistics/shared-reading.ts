/**
 * Shares one query among concurrent callers, so that a hundred open pages never query the database a hundred times at
 * once. Nothing is cached after the query has ended: the next one sees every change.
 */
export class SharedReading {
  readonly #inFlight = new Map<string, Promise<unknown>>();

  /** Callers with the same key must run the same query. */
  read<T>(key: string, read: () => Promise<T>): Promise<T> {
    return (this.#inFlight.get(key) as Promise<T> | undefined) ?? this.#start(key, read);
  }

  #start<T>(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, reading);
    return reading;
  }
}

/**
 * Lets all who ask for the same at the same moment wait for one reading, so that a hundred open pages never ask the
 * database a hundred times at once. Nothing is kept once the reading has ended: the next one sees every change.
 */
export class SharedReading {
  readonly #inFlight = new Map<string, Promise<unknown>>();

  /** Callers that use the same key must read the same. */
  read<T>(key: string, read: () => Promise<T>): Promise<T> {
    return (this.#inFlight.get(key) as Promise<T> | undefined) ?? this.#start(key, read);
  }

  #start<T>(key: string, read: () => Promise<T>): Promise<T> {
    const reading = read().finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, reading);
    return reading;
  }
}

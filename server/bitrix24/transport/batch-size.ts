import { maxCommands } from "./batch";

/** The portal ends a request after 60 s; this leaves room for one that takes three times its estimate. */
const targetSeconds = 18;
/** Unknown methods start with this size: creating a contact or deal with automation was measured at up to 2 s each. */
const firstWrites = 10;
const groupSeconds = 60;
const minGroup = 10;
/** The largest group: one look-up request serves this many people. */
const maxGroup = 100;

/**
 * How many commands of a method to send together, from the portal's durations of earlier ones. Starts small, grows to
 * 50 on a fast portal, shrinks after slow answers and halves after lost requests.
 */
export class BatchSize {
  readonly #seconds = new Map<string, number>();
  readonly #ceiling = new Map<string, number>();
  readonly #target: number;

  /** `timeoutMs`: a request must also end well before our own timeout. */
  constructor(timeoutMs: number) {
    this.#target = Math.min(targetSeconds, (timeoutMs / 1000) * 0.6);
  }

  /**
   * Commands that fit the time, at least 1; `secondsLeft` is the execution time that the portal still allows the
   * method.
   */
  next(method: string, secondsLeft = Number.POSITIVE_INFINITY): number {
    const each = this.#seconds.get(method);
    const ceiling = this.#ceiling.get(method) ?? (each === undefined ? firstWrites : maxCommands);
    if (each === undefined) return ceiling;
    const byTime = Math.floor(Math.min(this.#target, secondsLeft) / Math.max(each, 0.001));
    return Math.max(1, Math.min(maxCommands, ceiling, byTime));
  }

  /** The number of people whose commands of these kinds together take about a minute: between 10 and 100. */
  group(kinds: string[]): number {
    const each = kinds.reduce((sum, kind) => sum + (this.#seconds.get(kind) ?? 0), 0);
    return Math.max(minGroup, Math.min(maxGroup, Math.floor(groupSeconds / Math.max(each, 0.001))));
  }

  /** After an answered request: stores the time per command, the slower of the last and the average. */
  answered(method: string, commands: number, seconds: number): void {
    const each = seconds / Math.max(1, commands);
    const before = this.#seconds.get(method);
    this.#seconds.set(method, before === undefined ? each : Math.max(each, before * 0.7 + each * 0.3));
    const ceiling = this.#ceiling.get(method);
    if (ceiling !== undefined) {
      if (ceiling * 2 >= maxCommands) this.#ceiling.delete(method);
      else this.#ceiling.set(method, ceiling * 2);
    }
  }

  /** After a request without an answer: the next size is half. */
  lost(method: string, commands: number): void {
    this.#ceiling.set(method, Math.max(1, Math.floor(commands / 2)));
  }
}

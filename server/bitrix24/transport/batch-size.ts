import { maxCommands } from "./batch";

/** A request is cut at 60 s on the portal; this leaves room for one that takes three times its estimate. */
const targetSeconds = 18;
/** Unknown methods start here: contact and deal with automation were seen to take up to 2 s each. */
const firstWrites = 10;
const groupSeconds = 60;
const minCohort = 10;
/** One look-up request serves this many. */
const maxCohort = 100;

/**
 * How many commands of a method to send together, from what the portal took for the last ones. Starts small, grows
 * to 50 on a fast portal, shrinks after slow answers and halves after requests that were lost.
 */
export class BatchSize {
  readonly #seconds = new Map<string, number>();
  readonly #ceiling = new Map<string, number>();
  readonly #target: number;

  /** `timeoutMs`: a request must also end well before our own patience does. */
  constructor(timeoutMs: number) {
    this.#target = Math.min(targetSeconds, (timeoutMs / 1000) * 0.6);
  }

  /** Commands that fit the time; `secondsLeft` is what the portal still grants the method. At least 1. */
  next(method: string, secondsLeft = Number.POSITIVE_INFINITY): number {
    const each = this.#seconds.get(method);
    const ceiling = this.#ceiling.get(method) ?? (each === undefined ? firstWrites : maxCommands);
    if (each === undefined) return ceiling;
    const byTime = Math.floor(Math.min(this.#target, secondsLeft) / Math.max(each, 0.001));
    return Math.max(1, Math.min(maxCommands, ceiling, byTime));
  }

  /** People whose commands of these kinds together fit into about a minute: between 10 and 100. */
  group(kinds: string[]): number {
    const each = kinds.reduce((sum, kind) => sum + (this.#seconds.get(kind) ?? 0), 0);
    return Math.max(minCohort, Math.min(maxCohort, Math.floor(groupSeconds / Math.max(each, 0.001))));
  }

  /** An answered request: remembers the time per command, the slower of the last and the average. */
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

  /** A request without an answer: half of it next time. */
  lost(method: string, commands: number): void {
    this.#ceiling.set(method, Math.max(1, Math.floor(commands / 2)));
  }
}

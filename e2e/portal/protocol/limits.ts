/** Requests per address: each adds one drop, a steady leak takes them away, a full bucket refuses. */
export class RequestBucket {
  readonly #levels = new Map<string, { level: number; at: number }>();

  /** Whether a request from this address may pass; a refused one adds nothing. */
  take(address: string, size: number, perSecond: number, now: number): boolean {
    if (size <= 0) return true;
    const bucket = this.#levels.get(address) ?? { level: 0, at: now };
    const level = Math.max(0, bucket.level - (Math.max(0, now - bucket.at) / 1000) * perSecond);
    const passes = level + 1 <= size;
    this.#levels.set(address, { level: passes ? level + 1 : level, at: now });
    return passes;
  }
}

const minute = 60_000;
const window = 10 * minute;
/** Shorter calls cost nothing. */
const leastCharge = 0.1;

interface Minute {
  firstCallAt: number;
  seconds: number;
}

interface OperatingTime {
  seconds: number;
  /** When the oldest minute leaves the sum, in milliseconds. */
  resetAt: number;
}

/** Execution seconds per webhook and method over ten one-minute buckets. */
export class OperatingMeter {
  readonly #minutes = new Map<string, Minute[]>();

  charge(webhook: string, method: string, seconds: number, now: number): void {
    if (seconds < leastCharge) return;
    const key = `${webhook} ${method}`;
    const minutes = this.#live(key, now);
    const current = minutes.at(-1);
    if (current && now - current.firstCallAt < minute) current.seconds += seconds;
    else minutes.push({ firstCallAt: now, seconds });
    this.#minutes.set(key, minutes);
  }

  read(webhook: string, method: string, now: number): OperatingTime {
    const minutes = this.#live(`${webhook} ${method}`, now);
    return {
      seconds: minutes.reduce((sum, { seconds }) => sum + seconds, 0),
      resetAt: (minutes[0]?.firstCallAt ?? now) + window,
    };
  }

  #live(key: string, now: number): Minute[] {
    return (this.#minutes.get(key) ?? []).filter(({ firstCallAt }) => now - firstCallAt < window);
  }
}

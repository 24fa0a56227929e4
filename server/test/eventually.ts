import { vi } from "vitest";

/** Waits until the assertion holds. The limit ends a hung test and judges no speed: a busy machine is no failure. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(assertion, { timeout: 240_000, interval: 50 });

import type { Env } from "../platform/env";

/**
 * How many milliseconds to wait after a number of failures in a row: base · 2ⁿ⁻¹, capped, with a jitter of one
 * twentieth, so that registrations which failed together are not retried together.
 */
export function backOffMs({ BITRIX24_RETRY_BASE_MS: base, BITRIX24_RETRY_MAX_MS: max }: Env, failures: number): number {
  return Math.min(max, base * 2 ** (failures - 1)) * (0.95 + Math.random() * 0.1);
}

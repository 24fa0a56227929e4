import type { Env } from "../platform/env";

/**
 * How many milliseconds to wait after a number of failures in a row: base · 2ⁿ⁻¹, capped, with a jitter of one
 * twentieth, so that registrations which failed together are not retried together.
 */
export function backOffMs({ BITRIX24_RETRY_BASE_MS: base, BITRIX24_RETRY_MAX_MS: max }: Env, failures: number): number {
  return Math.min(max, base * 2 ** (failures - 1)) * (0.95 + Math.random() * 0.1);
}

/** How often a registration that waits for an administrator checks whether it may go. */
export const heldMs = ({ BITRIX24_RETRY_MAX_MS }: Pick<Env, "BITRIX24_RETRY_MAX_MS">): number =>
  Math.min(60_000, BITRIX24_RETRY_MAX_MS);

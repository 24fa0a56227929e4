import type { Env } from "../platform/env";

/**
 * How many milliseconds to wait after so many failures in a row: base · 2ⁿ⁻¹, capped, give or take a twentieth, so that
 * those who were refused together do not return together.
 */
export function backOffMs({ BITRIX24_RETRY_BASE_MS: base, BITRIX24_RETRY_MAX_MS: max }: Env, failures: number): number {
  return Math.min(max, base * 2 ** (failures - 1)) * (0.95 + Math.random() * 0.1);
}

/**
 * Milliseconds since this process began, by a clock that nobody sets. Waits, deadlines and caches of one process count by
 * it: by the time of day, a machine whose clock is set back by an hour would prolong each of them by that hour.
 */
export const elapsedMs = (): number => performance.now();

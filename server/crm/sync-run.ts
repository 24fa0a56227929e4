import { type Bitrix24Error, isPage } from "../bitrix24/transport/error";

/** With the default back-off these attempts take about eleven hours; outages do not count. The queue's page says both. */
export const maxAttempts = 20;

/** The result of a run, for the worker's loop. */
export interface SyncRun {
  synced: number;
  /** The portal or the connection to it fails: slow down. */
  outage: boolean;
  /** A web page came instead of the portal's answer. That may last until an administrator acts. */
  page: Bitrix24Error | undefined;
  /** Every registration fails until an administrator acts: open the circuit breaker. */
  blocked: Bitrix24Error | undefined;
  /** The portal's limit accepts no request before this time. */
  limitedUntil: Date | undefined;
  /** The steps that succeeded for at least one person. */
  passed: ReadonlySet<string>;
}

export const quietRun: SyncRun = {
  synced: 0,
  outage: false,
  page: undefined,
  blocked: undefined,
  limitedUntil: undefined,
  passed: new Set(),
};

/**
 * Adds to the run a failure that is not caused by one person's data: a refusal says nothing of the next requests. A limit of
 * unknown duration is treated as an outage, with growing waits.
 */
export function noteFailure(run: SyncRun, error: Bitrix24Error): void {
  if (error.kind === "halted" || error.kind === "held" || error.kind === "refused") return;
  if (error.kind === "blocked") run.blocked ??= error;
  else if (error.retryAt) run.limitedUntil = later(run.limitedUntil, error.retryAt);
  else run.outage = true;
  if (isPage(error)) run.page ??= error;
}

const later = (a: Date | undefined, b: Date): Date => (a && a > b ? a : b);

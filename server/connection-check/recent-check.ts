import { setTimeout as sleep } from "node:timers/promises";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import type { Check } from "./check";
import { checkConnection } from "./check-connection";
import { keepCheck } from "./kept-check";

export interface CheckView {
  checks: Check[];
  checkedAt: string;
}

type Deps = Pick<Services, "bitrix24" | "env" | "db">;

/** A page that reloads while a registration is under way must not ask the portal every second. */
const freshMs = 60_000;

const recent = new WeakMap<Services["bitrix24"], { startedAt: number; view: Promise<CheckView> }>();

/**
 * The check of the last minute, or a new one. Null if the portal has not answered within `patienceMs`: the request
 * stays in flight, and later calls get its answer.
 */
export function recentCheck(deps: Deps, { patienceMs = 5_000 } = {}): Promise<CheckView | null> {
  const known = recent.get(deps.bitrix24);
  const { view } = known && elapsedMs() - known.startedAt < freshMs ? known : ask(deps);
  return Promise.race([view, sleep(patienceMs, null, { ref: false })]);
}

/** Clears the cache, so that the next call asks the portal again. */
export function forgetCheck({ bitrix24 }: Pick<Services, "bitrix24">): void {
  recent.delete(bitrix24);
}

function ask(deps: Deps) {
  const view = checkConnection(deps).then(async (checks) => {
    await keepCheck(deps, checks);
    return { checks, checkedAt: new Date().toISOString() };
  });
  const entry = { startedAt: elapsedMs(), view };
  recent.set(deps.bitrix24, entry);
  // A failure of ours is reported to the requests that wait for it and is not cached.
  view.catch(() => {
    if (recent.get(deps.bitrix24) === entry) recent.delete(deps.bitrix24);
  });
  return entry;
}

import { setTimeout as sleep } from "node:timers/promises";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import type { Check } from "./check";
import { checkConnection } from "./check-connection";
import { followCheck } from "./follow-check";
import { keepCheck } from "./kept-check";

export interface CheckView {
  checks: Check[];
  checkedAt: string;
}

type Deps = Pick<Services, "bitrix24" | "env" | "db" | "log" | "mail" | "forms" | "queue">;

/** A page that reloads while a registration is under way must not ask the portal every second. */
const freshMs = 60_000;

/** A page must come soon, also while the portal hangs. */
const usualPatienceMs = 5_000;

const recent = new WeakMap<Services["bitrix24"], { startedAt: number; view: Promise<CheckView> }>();

/**
 * The check of the last minute, or a new one. Null if the portal has not answered within `patienceMs`: the request
 * stays in flight, and later calls get its answer.
 */
export function recentCheck(deps: Deps, { patienceMs = usualPatienceMs } = {}): Promise<CheckView | null> {
  const known = recent.get(deps.bitrix24);
  const { view } = known && elapsedMs() - known.startedAt < freshMs ? known : ask(deps);
  return within(patienceMs, view);
}

/**
 * A new check that an administrator asks for. Like the nightly one it pauses the queue if what registrations send no longer
 * fits, and resumes it once it does.
 */
export const checkNow = (deps: Deps): Promise<CheckView | null> =>
  within(usualPatienceMs, ask(deps, { follow: true }).view);

const within = (patienceMs: number, view: Promise<CheckView>): Promise<CheckView | null> =>
  Promise.race([view, sleep(patienceMs, null, { ref: false })]);

function ask(deps: Deps, { follow = false } = {}) {
  const view = checkConnection(deps).then(async (checks) => {
    if (follow) await followCheck(deps, checks);
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

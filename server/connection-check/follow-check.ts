import { pauseUnfit, readPortalState, resumeFit } from "../queue/circuit-breaker";
import type { Services } from "../services";
import type { Check } from "./check";
import { checkConnection } from "./check-connection";
import { unfitForAll } from "./unfit";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms" | "log" | "mail">;

/** Whether the portal has told what it holds: one that does not answer says nothing about what fits. */
const isTold = (checks: Check[]): boolean => checks.some(({ id, state }) => id === "credentials" && state === "ok");

/**
 * Pauses the queue of all forms before the first registration is lost to what a check has found, and resumes it when everything fits
 * again. Before a pause the portal is asked a second time, so that one odd answer stops nothing. `mayPause`: false where
 * an administrator has just resumed the queue.
 */
export async function followCheck(deps: Deps, checks: Check[], { mayPause = true } = {}): Promise<void> {
  if (!isTold(checks)) return;
  const found = await unfitForAll(deps, checks);
  if (!found) return resumeFit(deps);
  const { pausedBy } = await readPortalState(deps);
  if (pausedBy === null && mayPause) {
    const again = await unfitForAll(deps, await checkConnection(deps));
    if (again?.id === found.id) await pauseUnfit(deps, { what: again.id, ...fieldOf(again) });
  } else if (pausedBy === "breaker") await pauseUnfit(deps, { what: found.id, ...fieldOf(found) });
}

/** What the check is about, as administrators know it. */
function fieldOf({ facts }: Check): { field?: string } {
  const { fields, field, stage, id, code } = facts;
  const [first] = [fields, field, stage, id, code].filter((fact) => fact !== undefined);
  return first === undefined ? {} : { field: String(first) };
}

import { pauseUnfit, readPortalState, resumeFit } from "../queue/circuit-breaker";
import type { Services } from "../services";
import { type Check, subjectOf } from "./check";
import { checkConnection } from "./check-connection";
import { followForms } from "./follow-forms";
import { isUntold, unfitForAll } from "./unfit";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms" | "log" | "mail" | "queue">;

/** Whether the portal has told what it holds: one that does not answer says nothing about what fits. */
const isTold = (checks: Check[]): boolean => checks.some(({ id, state }) => id === "credentials" && state === "ok");

/**
 * Pauses the queue of all forms before the first registration is lost to what a check has found, and resumes it when
 * everything fits again. Before a pause the portal is asked a second time, so that one odd answer stops nothing.
 * `mayPause`: false where an administrator has just resumed the queue. Where some forms fit, the people of the others
 * alone are held up.
 */
export async function followCheck(deps: Deps, checks: Check[], { mayPause = true } = {}): Promise<void> {
  if (!isTold(checks)) return;
  const found = await unfitForAll(deps, checks);
  const { pausedBy, pauseCode } = await readPortalState(deps);
  if (!found) {
    await followForms(deps, { mayPause });
    if (!isUntold(checks, pauseCode)) await resumeFit(deps);
    return;
  }
  if (pausedBy === null && mayPause) {
    const again = await unfitForAll(deps, await checkConnection(deps));
    if (again?.id === found.id) await pauseUnfit(deps, { what: again.id, ...subjectOf(again) });
  } else if (pausedBy === "breaker") await pauseUnfit(deps, { what: found.id, ...subjectOf(found) });
}

import { systemActor } from "../audit/actor";
import { isDatabaseAway } from "../database/unavailable";
import type { Services } from "../services";
import { type ErasureCause, erasePerson, type StillDue } from "./erase";

/**
 * Erases people for whom nobody waits. One who cannot be erased keeps nobody else from it, and is logged; the next run tries
 * again. One whose turn comes when `still` holds no longer is left alone. Returns how many were erased.
 */
export async function eraseEach(
  services: Pick<Services, "db" | "queue" | "env" | "log">,
  userIds: number[],
  cause: ErasureCause,
  still?: StillDue,
): Promise<number> {
  let erased = 0;
  for (const userId of userIds) {
    try {
      if (await erasePerson(services, { actor: systemActor, userId, cause, still })) erased++;
    } catch (err) {
      if (isDatabaseAway(err)) throw err;
      services.log.error({ err, userId, cause }, "erasing a person failed and will be retried");
    }
  }
  return erased;
}

import { systemActor } from "../audit/actor";
import { isDatabaseAway } from "../database/unavailable";
import type { Services } from "../services";
import { type ErasureCause, erasePerson } from "./erase";

/**
 * Erases people for whom nobody waits. One who cannot be erased keeps nobody else from it, and is logged; the next run tries
 * again. Returns how many were erased.
 */
export async function eraseEach(
  services: Pick<Services, "db" | "queue" | "env" | "log">,
  userIds: number[],
  cause: ErasureCause,
): Promise<number> {
  let erased = 0;
  for (const userId of userIds) {
    try {
      await erasePerson(services, { actor: systemActor, userId, cause });
      erased++;
    } catch (err) {
      if (isDatabaseAway(err)) throw err;
      services.log.error({ err, userId, cause }, "a person who is due to be erased could not be");
    }
  }
  return erased;
}

import { systemActor } from "../audit/actor";
import type { Services } from "../services";
import { erasePerson } from "./erase";

/**
 * Erases the people whom a restore brought back although they had been erased since the backup. The restore does so itself;
 * the workers' retention finishes what was interrupted. Returns how many there were.
 */
export async function eraseDue(services: Pick<Services, "db" | "queue" | "env" | "log">): Promise<number> {
  const due = await services.db.erasureDue.findMany({ orderBy: { userId: "asc" } });
  // The erasure deletes the person's row here as well.
  for (const { userId } of due) await erasePerson(services, { actor: systemActor, userId, cause: "restored" });
  return due.length;
}

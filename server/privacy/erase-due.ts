import type { Services } from "../services";
import { eraseEach } from "./erase-each";

/**
 * Erases the people whom a restore brought back although they had been erased since the backup. The restore does so itself;
 * the workers' retention finishes what was interrupted or failed. Returns how many were erased.
 */
export async function eraseDue(services: Pick<Services, "db" | "queue" | "env" | "log">): Promise<number> {
  const due = await services.db.erasureDue.findMany({ orderBy: { userId: "asc" } });
  // The erasure deletes the person's row here as well.
  return eraseEach(
    services,
    due.map(({ userId }) => userId),
    "restored",
  );
}

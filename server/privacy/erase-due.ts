import type { Services } from "../services";
import { eraseEach } from "./erase-each";

/**
 * Erases a portion of the people whom a restore brought back although they had been erased since the backup: of those after a
 * number. The restore does so itself; the workers' retention finishes what was interrupted or failed. `last`: the highest
 * number that was tried; null: none was left.
 */
export async function eraseDue(
  services: Pick<Services, "db" | "queue" | "env" | "log">,
  { after = 0, limit }: { after?: number; limit?: number } = {},
): Promise<{ erased: number; last: number | null }> {
  const due = await services.db.erasureDue.findMany({
    where: { userId: { gt: after } },
    orderBy: { userId: "asc" },
    ...(limit === undefined ? {} : { take: limit }),
  });
  const ids = due.map(({ userId }) => userId);
  // The erasure deletes the person's row here as well.
  return { erased: await eraseEach(services, ids, "restored"), last: ids.at(-1) ?? null };
}

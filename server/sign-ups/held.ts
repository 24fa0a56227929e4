import type { Services } from "../services";

/** Since when an administrator has every new registration held for review; null: not held. */
export async function heldSince({ db }: Pick<Services, "db">): Promise<string | null> {
  const row = await db.signUps.findUnique({ where: { id: 1 }, select: { heldSince: true } });
  return row?.heldSince?.toISOString() ?? null;
}

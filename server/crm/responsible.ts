import type { Services } from "../services";

type Deps = Pick<Services, "db" | "env">;

/**
 * Fixes the responsible persons of people who have none yet: the named one, else the next in turn. Stored at once, so
 * that a repeated attempt takes no other turn.
 */
export async function assignResponsible(
  { db, env }: Deps,
  owners: Map<number, number | null>,
): Promise<Map<number, number>> {
  const named = [...owners].flatMap(([userId, owner]): [number, number][] => (owner === null ? [] : [[userId, owner]]));
  const newcomers = [...owners].flatMap(([userId, owner]) => (owner === null ? [userId] : []));
  const assigned = new Map([...named, ...(await takeTurns({ db, env }, newcomers))]);
  for (const person of new Set(assigned.values()))
    await db.user.updateMany({
      where: { id: { in: [...assigned.keys()].filter((userId) => assigned.get(userId) === person) } },
      data: { crmAssignedById: person },
    });
  return assigned;
}

async function takeTurns({ db, env }: Deps, userIds: number[]): Promise<[number, number][]> {
  const persons = env.BITRIX24_ASSIGNED_BY_IDS;
  if (persons.length === 0 || userIds.length === 0) return [];
  const { turn } = await db.crmPortal.update({
    where: { id: 1 },
    data: { turn: { increment: userIds.length } },
    select: { turn: true },
  });
  const first = turn - userIds.length;
  return userIds.map((userId, index) => [userId, persons[(first + index) % persons.length] as number]);
}

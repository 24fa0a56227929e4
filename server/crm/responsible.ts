import type { Services } from "../services";
import { passedOver } from "./refused-responsible";

type Deps = Pick<Services, "db" | "env">;

/**
 * Assigns responsible persons to people without one: the given owner, else the next employee in turn. If the portal
 * refuses all employees, none is assigned and the webhook's owner becomes responsible. Saved at once, so that a retry
 * does not take another turn.
 */
export async function assignResponsible(
  { db, env }: Deps,
  owners: Map<number, number | null>,
): Promise<Map<number, number>> {
  const refused = await passedOver({ db });
  const kept = (owner: number | null): owner is number => owner !== null && !refused.has(owner);
  const named = [...owners].flatMap(([userId, owner]): [number, number][] => (kept(owner) ? [[userId, owner]] : []));
  const newcomers = [...owners].flatMap(([userId, owner]) => (kept(owner) ? [] : [userId]));
  const persons = env.BITRIX24_ASSIGNED_BY_IDS.filter((id) => !refused.has(id));
  const assigned = new Map([...named, ...(await takeTurns({ db }, persons, newcomers))]);
  for (const person of new Set(assigned.values()))
    await db.user.updateMany({
      where: { id: { in: [...assigned.keys()].filter((userId) => assigned.get(userId) === person) } },
      data: { crmAssignedById: person },
    });
  return assigned;
}

async function takeTurns({ db }: Pick<Deps, "db">, persons: number[], userIds: number[]): Promise<[number, number][]> {
  if (persons.length === 0 || userIds.length === 0) return [];
  const { turn } = await db.crmPortal.update({
    where: { id: 1 },
    data: { turn: { increment: userIds.length } },
    select: { turn: true },
  });
  const first = turn - userIds.length;
  return userIds.map((userId, index) => [userId, persons[(first + index) % persons.length] as number]);
}

import type { Wanting } from "../bitrix24/progress";
import { lockedInOrder } from "../database/locked-in-order";
import type { Services } from "../services";
import { skipEmployees, skippedEmployees } from "./refused-responsible";

type Deps = Pick<Services, "db" | "pool" | "log" | "env">;

/**
 * Assigns responsible persons to people without one: the given owner, else the next employee in turn. If the portal
 * refuses all employees, none is assigned and the webhook's owner becomes responsible. Saved at once, so that a retry
 * does not take another turn. `dismissed`: employees to skip and report as if the portal had refused them.
 */
export async function assignResponsible(
  deps: Deps,
  wanting: Map<number, Wanting>,
  dismissed: ReadonlySet<number>,
): Promise<Map<number, number>> {
  const { db, pool } = deps;
  const refused = await skippedEmployees({ db });
  const news = [...dismissed].filter((id) => !refused.has(id));
  await skipEmployees(deps, new Set(news));
  for (const id of news) refused.add(id);
  const kept = (owner: number | null): owner is number => owner !== null && !refused.has(owner);
  const assigned = new Map<number, number>();
  const newcomers = new Map<Wanting["settings"], number[]>();
  for (const [userId, { owner, settings }] of wanting)
    if (kept(owner)) assigned.set(userId, owner);
    else newcomers.set(settings, [...(newcomers.get(settings) ?? []), userId]);
  for (const [{ responsible, turnOf }, userIds] of newcomers) {
    const persons = responsible.filter((id) => !refused.has(id));
    for (const [userId, person] of await takeTurns({ db }, { persons, turnOf }, userIds)) assigned.set(userId, person);
  }
  if (assigned.size > 0)
    await pool.query(
      `with locked as materialized (${lockedInOrder})
       update "User" u set "crmAssignedById" = given.person
       from locked join unnest($1::int[], $2::int[]) as given(id, person) using (id) where u.id = locked.id`,
      [[...assigned.keys()], [...assigned.values()]],
    );
  return assigned;
}

async function takeTurns(
  { db }: Pick<Deps, "db">,
  { persons, turnOf }: { persons: number[]; turnOf: number | null },
  userIds: number[],
): Promise<[number, number][]> {
  if (persons.length === 0 || userIds.length === 0) return [];
  const taken = { data: { turn: { increment: userIds.length } }, select: { turn: true } };
  const { turn } = await (turnOf === null
    ? db.crmPortal.update({ where: { id: 1 }, ...taken })
    : db.form.update({ where: { id: turnOf }, ...taken }));
  const first = turn - userIds.length;
  return userIds.map((userId, index) => [userId, persons[(first + index) % persons.length] as number]);
}

import { fullName } from "../person/full-name";
import type { Services } from "../services";
import type { ActorRef } from "./actor";
import { actorKey } from "./actor";

/**
 * Names of the people and tokens that a history mentions, by actorKey; two queries for all of them. Histories keep ids only, so a
 * name is always the one of today; who is gone has none. The portal and the system are named by the dictionaries.
 */
export async function nameActors({ db }: Pick<Services, "db">, actors: ActorRef[]): Promise<Record<string, string>> {
  const idsOf = (kind: ActorRef["kind"]) => [
    ...new Set(actors.flatMap((actor) => (actor.kind === kind && actor.id !== null ? [actor.id] : []))),
  ];
  const [users, tokens] = await Promise.all([
    db.user.findMany({
      where: { id: { in: idsOf("USER") } },
      select: { id: true, firstName: true, lastName: true },
    }),
    db.apiToken.findMany({ where: { id: { in: idsOf("TOKEN") } }, select: { id: true, name: true } }),
  ]);
  return Object.fromEntries([
    ...users.map(({ id, ...name }) => [actorKey({ kind: "USER", id }), fullName(name)]),
    ...tokens.map(({ id, name }) => [actorKey({ kind: "TOKEN", id }), name]),
  ]);
}

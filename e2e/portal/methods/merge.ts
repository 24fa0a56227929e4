import { mergeContacts, mergeDeals } from "../crm/merge";
import { asList, asMap, toInt, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, missingParameter, scoped } from "./method";

export const mergeMethods: Methods = scoped("crm", {
  "crm.entity.mergebatch": (world, params, { userId }) => ({ result: merge(world, params, userId), changed: true }),
});

function merge(world: World, params: ValueMap, by: number): ValueMap {
  const inner = asMap(params.params);
  if (!inner) throw missingParameter(world, "params");
  const ids = [...new Set(asList(inner.entityIds).map(toInt))];
  const gone = mergeOf(toInt(inner.entityTypeId), world, ids, by);
  if (gone === "ERROR") return { STATUS: "ERROR", ENTITY_IDS: [] };
  return gone ? { STATUS: "SUCCESS", ENTITY_IDS: gone } : { STATUS: "CONFLICT", ENTITY_IDS: [] };
}

function mergeOf(entityTypeId: number, world: World, ids: number[], by: number): number[] | undefined | "ERROR" {
  if (ids.length < 2) return "ERROR";
  if (entityTypeId === 2) {
    const deals = ids.flatMap((id) => world.deals.byId.get(id) ?? []);
    return deals.length < ids.length ? "ERROR" : mergeDeals(world, deals, by);
  }
  if (entityTypeId !== 3) return "ERROR";
  const contacts = ids.flatMap((id) => world.contacts.byId.get(id) ?? []);
  return contacts.length < ids.length ? "ERROR" : mergeContacts(world, contacts, by);
}

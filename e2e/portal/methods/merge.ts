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
  const ids = asList(inner.entityIds).map(toInt);
  const gone = toInt(inner.entityTypeId) === 3 ? mergedContacts(world, ids, by) : mergedDeals(world, ids, by);
  if (gone === "ERROR") return { STATUS: "ERROR", ENTITY_IDS: [] };
  return gone ? { STATUS: "SUCCESS", ENTITY_IDS: gone } : { STATUS: "CONFLICT", ENTITY_IDS: [] };
}

function mergedContacts(world: World, ids: number[], by: number): number[] | undefined | "ERROR" {
  const contacts = ids.flatMap((id) => world.contacts.byId.get(id) ?? []);
  return contacts.length < 2 || contacts.length < ids.length ? "ERROR" : mergeContacts(world, contacts, by);
}

function mergedDeals(world: World, ids: number[], by: number): number[] | undefined | "ERROR" {
  const deals = ids.flatMap((id) => world.deals.byId.get(id) ?? []);
  return deals.length < 2 || deals.length < ids.length ? "ERROR" : mergeDeals(world, deals, by);
}

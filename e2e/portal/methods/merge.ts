import type { EntityName } from "../crm/fields";
import { mergeContacts, mergeDeals } from "../crm/merge";
import type { CrmRecord } from "../crm/records";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, type ValueMap } from "../protocol/values";
import { mayDo } from "../rights";
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
    if (deals.length < ids.length) return "ERROR";
    requireRights(world, by, "deal", deals);
    return mergeDeals(world, deals, by);
  }
  if (entityTypeId !== 3) return "ERROR";
  const contacts = ids.flatMap((id) => world.contacts.byId.get(id) ?? []);
  if (contacts.length < ids.length) return "ERROR";
  requireRights(world, by, "contact", contacts);
  return mergeContacts(world, contacts, by);
}

/** The first, which stays, is changed; the others are deleted. */
function requireRights(world: World, by: number, entity: EntityName, records: CrmRecord[]): void {
  for (const [index, record] of records.entries()) {
    const action = index === 0 ? "update" : "delete";
    if (!mayDo(world, by, action, entity, record)) throw new PortalError("", world.say("accessDenied"), 403);
  }
}

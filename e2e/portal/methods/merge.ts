import { type EntityName, entityNames } from "../crm/fields";
import { kinds } from "../crm/kinds";
import { merge } from "../crm/merge";
import type { CrmRecord } from "../crm/records";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, type ValueMap } from "../protocol/values";
import { mayDo } from "../rights";
import type { World } from "../world";
import { type Methods, missingParameter, scoped } from "./method";

export const mergeMethods: Methods = scoped("crm", {
  "crm.entity.mergebatch": (world, params, { userId }) => ({
    result: mergeBatch(world, params, userId),
    changed: true,
  }),
});

function mergeBatch(world: World, params: ValueMap, by: number): ValueMap {
  const inner = asMap(params.params);
  if (!inner) throw missingParameter(world, "params");
  const entityTypeId = toInt(inner.entityTypeId);
  if (entityTypeId === 0) throw refusal(world.say("mergeTypeRequired"));
  const ids = [...new Set(asList(inner.entityIds).map(toInt))].filter((id) => id > 0);
  if (ids.length === 0) throw refusal(world.say("mergeIdsInvalid"));
  if (ids.length < 2) throw refusal(world.say("mergeIdsTooFew"));
  const entity = entityNames.find((name) => kinds[name].entityTypeId === entityTypeId);
  if (!entity) throw refusal(world.sentences.mergeType(typeName(entityTypeId)));
  const records = ids.flatMap((id) => world.records[entity].byId.get(id) ?? []);
  if (records.length === 0) throw refusal(world.say("mergeIdsInvalid"));
  if (records.length < ids.length) throw refusal(world.say("ownerNotFound"));
  requireRights(world, by, entity, records);
  const gone = merge(world, entity, records, { by });
  return gone ? { STATUS: "SUCCESS", ENTITY_IDS: gone } : { STATUS: "CONFLICT", ENTITY_IDS: [] };
}

/** Quotes, invoices and smart processes a real portal merges as well; they are not here. */
function typeName(entityTypeId: number): string {
  const names: Record<number, string> = { 7: "QUOTE", 31: "SMART_INVOICE" };
  return names[entityTypeId] ?? (entityTypeId >= 128 ? `DYNAMIC_${entityTypeId}` : "");
}

/** Its code is the number 0. */
const refusal = (sentence: string): PortalError => new PortalError(0, sentence);

/** The first, which stays, is changed; the others are deleted. */
function requireRights(world: World, by: number, entity: EntityName, records: CrmRecord[]): void {
  for (const [index, record] of records.entries()) {
    const action = index === 0 ? "update" : "delete";
    if (!mayDo(world, by, action, entity, record)) throw new PortalError("", world.say("accessDenied"), 403);
  }
}

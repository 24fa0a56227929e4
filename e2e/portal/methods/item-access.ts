import { type EntityName, entityNames, type UserFieldNames } from "../crm/fields";
import { kinds } from "../crm/kinds";
import { type CrmRecord, valuesOf } from "../crm/records";
import { universalMultiFields, universalShape } from "../crm/shapes";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asMap, toFlag, toInt, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { guard } from "./guards";
import { missingParameter } from "./method";

export function entityOf(world: World, params: ValueMap): EntityName {
  if (params.entityTypeId === undefined) throw missingParameter(world, "entityTypeId");
  const entityTypeId = toInt(params.entityTypeId);
  if (world.settings.switches.universalDeals === "known") {
    const entity = entityNames.find((name) => kinds[name].entityTypeId === entityTypeId);
    if (entity) return entity;
  }
  throw new PortalError("NOT_FOUND", world.say("typeNotFound"));
}

export function fieldsOf(world: World, params: ValueMap): ValueMap {
  const fields = asMap(params.fields);
  if (!fields) throw missingParameter(world, "fields");
  return fields;
}

/** How this call names user fields, in what it sends and in the answer. */
export function userFieldNamesOf({ useOriginalUfNames }: ValueMap): UserFieldNames {
  return toFlag(useOriginalUfNames) === "Y" ? "original" : "camelCase";
}

/** @throws PortalError if there is no such record, or the user may not do this to it */
export function findItem(
  world: World,
  entity: EntityName,
  params: ValueMap,
  userId: number,
  action: Action,
): CrmRecord {
  if (params.id === undefined) throw missingParameter(world, "id");
  const record = world.records[entity].byId.get(toInt(params.id));
  if (!record) throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
  return guard(world, userId, action, entity, record);
}

export function itemReply(world: World, entity: EntityName, item: CrmRecord, names: UserFieldNames): Reply {
  return { result: { item: itemShape(world, entity, item, names) } };
}

export function itemShape(world: World, entity: EntityName, item: CrmRecord, names: UserFieldNames): ValueMap {
  const { entityTypeId, multiFields } = kinds[entity];
  const shape = universalShape(world, world.fields(entity), item, names);
  shape.entityTypeId = entityTypeId;
  const tells = multiFields && world.settings.switches.universalCommunications === "known";
  return tells ? Object.assign(shape, universalMultiFields(valuesOf(item))) : shape;
}

import type { EntityName } from "../crm/fields";
import type { Contact, Deal } from "../crm/records";
import { universalMultiFields, universalShape } from "../crm/shapes";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asMap, toInt, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { guard } from "./guards";
import { missingParameter } from "./method";

export function entityOf(world: World, params: ValueMap): EntityName {
  if (params.entityTypeId === undefined) throw missingParameter(world, "entityTypeId");
  const entityTypeId = toInt(params.entityTypeId);
  if (world.settings.switches.universalDeals === "known") {
    if (entityTypeId === 2) return "deal";
    if (entityTypeId === 3) return "contact";
  }
  throw new PortalError("NOT_FOUND", world.say("typeNotFound"));
}

export function fieldsOf(world: World, params: ValueMap): ValueMap {
  const fields = asMap(params.fields);
  if (!fields) throw missingParameter(world, "fields");
  return fields;
}

/** @throws PortalError if there is no such record, or the user may not do this to it */
export function findItem(world: World, params: ValueMap, userId: number, action: Action): Contact | Deal {
  const entity = entityOf(world, params);
  if (params.id === undefined) throw missingParameter(world, "id");
  const records = entity === "deal" ? world.deals : world.contacts;
  const record = records.byId.get(toInt(params.id));
  if (!record) throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
  return guard(world, userId, action, entity, record);
}

export function isDeal(item: Contact | Deal): item is Deal {
  return "stageId" in item;
}

export function itemReply(world: World, item: Contact | Deal): Reply {
  return { result: { item: itemShape(world, item) } };
}

export function itemShape(world: World, item: Contact | Deal): ValueMap {
  const shape = universalShape(world, world.fields(isDeal(item) ? "deal" : "contact"), item);
  shape.entityTypeId = isDeal(item) ? 2 : 3;
  return isDeal(item) ? shape : Object.assign(shape, universalMultiFields(item.fm));
}

import { entityNames } from "../crm/fields";
import { storable } from "../crm/text-column";
import { PortalError } from "../protocol/errors";
import { asMap, toInt, toText, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { guard } from "./guards";
import { type Methods, missingParameter, scoped } from "./method";

export const timelineMethods: Methods = scoped("crm", {
  "crm.timeline.comment.add": (world, params, { userId }) => ({
    result: addComment(world, params, userId),
    changed: true,
  }),
});

/** Takes its fields in lower case only, unlike its neighbours. */
function addComment(world: World, params: ValueMap, by: number): number {
  const fields = asMap(params.fields);
  if (!fields) throw missingParameter(world, "fields");
  const entityType = toText(fields.ENTITY_TYPE).toLowerCase();
  const entityId = toInt(fields.ENTITY_ID);
  const entity = entityNames.find((name) => name === entityType);
  if (!entity) throw missingParameter(world, "ENTITY_TYPE");
  const owner = world.records[entity].byId.get(entityId);
  if (!owner) throw new PortalError("OWNER_NOT_FOUND", world.say("ownerNotFound"));
  guard(world, by, "update", entity, owner);
  const text = storable(world, toText(fields.COMMENT));
  if (text.trim() === "") throw new PortalError("INVALID_ARG_VALUE", world.say("commentEmpty"));
  const id = world.nextId("comment");
  const authorId = toInt(fields.AUTHOR_ID) || by;
  world.comments.set(id, { id, entityType: entity, entityId, authorId, text, createdTime: world.clock.stamp() });
  world.version++;
  return id;
}

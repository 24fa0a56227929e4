import type { CrmRecord } from "../crm/records";
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
  if (entityType !== "deal" && entityType !== "contact") throw missingParameter(world, "ENTITY_TYPE");
  const owners: ReadonlyMap<number, CrmRecord> = entityType === "deal" ? world.deals.byId : world.contacts.byId;
  const owner = owners.get(entityId);
  if (!owner) throw new PortalError("OWNER_NOT_FOUND", world.say("ownerNotFound"));
  guard(world, by, "update", entityType, owner);
  const text = storable(world, toText(fields.COMMENT));
  if (text.trim() === "") throw new PortalError("INVALID_ARG_VALUE", world.say("commentEmpty"));
  const id = world.nextId("comment");
  const authorId = toInt(fields.AUTHOR_ID) || by;
  world.comments.set(id, { id, entityType, entityId, authorId, text, createdTime: world.clock.stamp() });
  world.version++;
  return id;
}

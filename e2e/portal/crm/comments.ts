import type { World } from "../world";
import type { EntityName } from "./fields";

/** What stands on a record's timeline goes with the record. */
export function deleteComments(world: World, entity: EntityName, recordId: number): void {
  for (const { id, entityType, entityId } of world.comments.values()) {
    if (entityType === entity && entityId === recordId) world.comments.delete(id);
  }
}

import type { World } from "../world";
import { applyEdits, communicationFlags, type MultiFieldEdit } from "./multi-fields";
import { type Changes, type CrmRecord, changedFields, valuesOf } from "./records";
import { admit } from "./unknown-values";

/**
 * Changes a contact or a company. The older method saves, stamps and announces even what is equal; a `strict` one leaves it
 * alone. Reports whether anything differed.
 */
export function updateReachable(
  world: World,
  entity: "contact" | "company",
  record: CrmRecord,
  asked: Changes,
  edits: MultiFieldEdit[],
  by: number,
  strict: boolean,
): boolean {
  const changes = admit(world, entity, asked);
  const before = valuesOf(record);
  const fm = applyEdits(before, edits, () => world.nextId("multiField"));
  const changed = changedFields(record, { ...changes, fm }).length > 0;
  if (!changed && strict) return false;
  world.communications[entity].replace(record.id, before, fm, world.clock.now());
  const stamps = { updatedTime: world.clock.stamp(), updatedBy: by };
  world.records[entity].update(record, { ...changes, fm, ...communicationFlags(fm), ...stamps });
  world.version++;
  world.events.fire(`ONCRM${entity.toUpperCase()}UPDATE`, record.id);
  world.automation.changed(entity, record, by);
  return changed;
}

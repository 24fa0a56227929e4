import type { EntityName } from "../crm/fields";
import { kinds, unsaid } from "../crm/kinds";
import { type Changes, valuesOf } from "../crm/records";
import { legacyMultiFields, legacyShape } from "../crm/shapes";
import type { PortalError } from "../protocol/errors";
import type { World } from "../world";
import { describeLegacy } from "./field-descriptions";
import { guard } from "./guards";
import { draft } from "./item-writing";
import {
  findRecord,
  legacyFields,
  legacyMap,
  listLegacy,
  readLegacyChanges,
  readMultiFields,
  requireLegacy,
} from "./legacy";
import { type Methods, scoped, wordingInvalid } from "./method";

/** Where one kind of record differs from the others. */
interface Peculiarities {
  /** @throws PortalError for what this kind cannot do without */
  check?(world: World, changes: Changes): void;
  /** How it says that there is no such record; absent: as all others do. */
  noneToUpdate?(world: World): PortalError;
  noneToDelete?(world: World): PortalError;
}

/** `add`, `get`, `list`, `update`, `delete` and `fields` of a kind of record, as the older family has them. */
export function recordMethods(entity: EntityName, { check, noneToUpdate, noneToDelete }: Peculiarities = {}): Methods {
  const { add, update, remove, multiFields } = kinds[entity];
  const editsIn = multiFields ? readMultiFields : () => [];
  const of = (verb: string) => `crm.${entity}.${verb}`;
  return scoped("crm", {
    [of("add")]: (world, params, { userId }) => {
      const fields = legacyFields(world, params);
      legacyMap(world, params, "params");
      const changes = readLegacyChanges(world, entity, fields, false);
      check?.(world, changes);
      guard(world, userId, "add", entity, draft(entity, changes, userId), "legacy");
      const edits = editsIn(world, fields);
      requireLegacy(world, entity, { creating: true, values: { ...unsaid(world, entity), ...changes }, fm: edits });
      const { id } = wordingInvalid(world, entity, "", () => add(world, changes, edits, userId, false));
      return { result: id, changed: true };
    },
    [of("get")]: (world, params, { userId }) => {
      const record = findRecord(world, entity, params, userId, "read");
      const shape = legacyShape(world, world.fields(entity), record);
      return { result: Object.assign(shape, legacyMultiFields(valuesOf(record))) };
    },
    [of("list")]: (world, params, { userId }) => listLegacy(world, params, userId, entity),
    [of("update")]: (world, params, { userId }) => {
      const record = findRecord(world, entity, params, userId, "update", noneToUpdate?.(world));
      const fields = legacyFields(world, params);
      legacyMap(world, params, "params");
      const changes = readLegacyChanges(world, entity, fields, true);
      const edits = editsIn(world, fields);
      const change = () => update(world, record, changes, edits, userId, false);
      return { result: true, changed: wordingInvalid(world, entity, "", change) };
    },
    [of("delete")]: (world, params, { userId }) => {
      remove(world, findRecord(world, entity, params, userId, "delete", noneToDelete?.(world)));
      return { result: true, changed: true };
    },
    [of("fields")]: (world) => ({ result: describeLegacy(world, entity) }),
  });
}

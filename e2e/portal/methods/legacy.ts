import { readField } from "../crm/columns";
import { isPlausible, isStrict } from "../crm/email";
import type { EntityName, FieldTable } from "../crm/fields";
import type { FilterNames } from "../crm/filter";
import { listRecords, readOrder } from "../crm/listing";
import { type MultiFieldEdit, multiFieldTypes, readLegacyEdits, storableEdits } from "../crm/multi-fields";
import { type Changes, type CrmRecord, valuesOf } from "../crm/records";
import { type Filling, missingField } from "../crm/required";
import { legacyMultiFields, legacyShape } from "../crm/shapes";
import { legacyParameter } from "../protocol/call";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import { type Action, visibleTo } from "../rights";
import type { TextKey } from "../text";
import type { World } from "../world";
import { guard, guardKind } from "./guards";

/**
 * What `crm.contact.*`, `crm.deal.*`, `crm.lead.*` and `crm.company.*` have in common. Their errors have no code, only
 * a text.
 */
export function legacyError(world: World, key: TextKey): PortalError {
  return new PortalError("", world.say(key));
}

export function legacyFields(world: World, params: ValueMap): ValueMap {
  const fields = asMap(legacyParameter(params, "fields"));
  if (!fields) throw legacyError(world, "fieldsNotArray");
  return fields;
}

/** An absent parameter is none; a list passes, since an empty map of PHP arrives as one. @throws PortalError for anything else */
export function legacyMap(world: World, params: ValueMap, name: "filter" | "order" | "params"): ValueMap | undefined {
  const value = legacyParameter(params, name);
  const map = asMap(value);
  if (value !== undefined && value !== null && !map) throw legacyError(world, `${name}NotArray`);
  return map;
}

export function legacyId(world: World, params: ValueMap): number {
  const id = toInt(legacyParameter(params, "id"));
  if (id <= 0) throw legacyError(world, "idInvalid");
  return id;
}

/** @throws PortalError if there is no such record, or the user may not do this to it */
export function findRecord(
  world: World,
  entity: EntityName,
  params: ValueMap,
  userId: number,
  action: Action,
  missing = legacyError(world, "notFound"),
): CrmRecord {
  const record = world.records[entity].byId.get(legacyId(world, params));
  if (!record) throw missing;
  return guard(world, userId, action, entity, record, "legacy");
}

/** What is read-only, unknown, or may not change any more is left out without a word. */
export function readLegacyChanges(world: World, entity: EntityName, input: ValueMap, existing: boolean): Changes {
  const changes: Changes = {};
  for (const [name, value] of Object.entries(input)) {
    const field = world.fields(entity).upper(name);
    if (!field || field.readOnly || (field.immutable && existing)) continue;
    changes[field.name] = readField(world, field, value);
  }
  return changes;
}

/** @throws PortalError for an e-mail that is none */
export function readMultiFields(world: World, input: ValueMap): MultiFieldEdit[] {
  const all = multiFieldTypes.flatMap((typeId) => readLegacyEdits(typeId, input[typeId]));
  const edits = storableEdits(world, all);
  const isGood = world.settings.unknown.email === "refused" ? isStrict : isPlausible;
  if (edits.some(({ typeId, value }) => typeId === "EMAIL" && value !== "" && !isGood(value))) {
    throw new PortalError("ERROR_CORE", world.say("emailInvalid"));
  }
  return edits;
}

/** Most portals let programs leave mandatory fields out here. */
export function requireLegacy(world: World, entity: EntityName, filling: Filling): void {
  if (world.settings.switches.legacyRequired === "ignored") return;
  const missing = missingField(world, entity, filling);
  if (missing !== undefined) throw new PortalError("", world.sentences.missingLegacyField(missing));
}

/** A filter or order by an unknown field is dropped. Several contacts of one deal cannot be asked for here at all. */
function legacyNames(world: World, table: FieldTable, entity: EntityName): FilterNames {
  const find = (name: string) => {
    const field = table.upper(name);
    return field?.type === "ids" ? undefined : field;
  };
  const multiFields = entity === "deal" ? undefined : world.communications[entity];
  const drop = () => undefined;
  return { find, unknown: drop, unreadable: drop, multiFields, nested: false };
}

export function listLegacy(world: World, params: ValueMap, userId: number, entity: EntityName): Reply {
  guardKind(world, userId, "read", entity, "legacy");
  const visible = visibleTo(world, userId, entity);
  const table = world.fields(entity);
  const names = legacyNames(world, table, entity);
  const order = readOrder(names, legacyMap(world, params, "order"));
  const filter = legacyMap(world, params, "filter") ?? {};
  const start = legacyParameter(params, "start");
  const page = listRecords(world, world.records[entity], names, { filter, order, start, visible });
  const only = selection(table, legacyParameter(params, "select"));
  return { ...page, result: page.records.map((record) => listShape(world, table, record, only)) };
}

function listShape(world: World, table: FieldTable, record: CrmRecord, only: ReadonlySet<string>): ValueMap {
  const shape = legacyShape(world, table, record, only);
  return Object.assign(shape, legacyMultiFields(valuesOf(record), only));
}

/** `*` is every plain column, `UF_*` every user field; phones and e-mails come only if named; the id comes always. */
function selection(table: FieldTable, select: Value | undefined): Set<string> {
  const asked = asList(select).map(toText);
  const names = asked.length > 0 ? asked : ["*", "UF_*"];
  const isUserField = (name: string) => name.startsWith("UF_");
  const plain = names.includes("*") ? table.all.filter(({ upper }) => !isUserField(upper)) : [];
  const own = names.includes("UF_*") ? table.all.filter(({ upper }) => isUserField(upper)) : [];
  return new Set(["ID", ...names, ...[...plain, ...own].map(({ upper }) => upper)]);
}

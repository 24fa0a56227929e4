import { readField } from "../crm/columns";
import { isStrict } from "../crm/email";
import type { EntityName, UserFieldNames } from "../crm/fields";
import { kinds, unsaid } from "../crm/kinds";
import {
  applyEdits,
  type MultiField,
  type MultiFieldEdit,
  readNewEdits,
  readUniversalEdits,
  storableEdits,
} from "../crm/multi-fields";
import { type Changes, type CrmRecord, valuesOf } from "../crm/records";
import { type Filling, missingField } from "../crm/required";
import { titleOf } from "../crm/titles";
import { isKept } from "../crm/unknown-values";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { guard } from "./guards";
import { entityOf, findItem, itemReply, itemShape, userFieldNamesOf } from "./item-access";
import { wordingInvalid } from "./method";

const maxImport = 20;
const invalidValue = "CRM_FIELD_ERROR_VALUE_NOT_VALID";

export function addItem(world: World, entity: EntityName, input: ValueMap, by: number, names: UserFieldNames): Reply {
  const { add, multiFields } = kinds[entity];
  const changes = readChanges(world, entity, input, { existing: false, names });
  guard(world, by, "add", entity, draft(entity, changes, by));
  if (entity === "contact" && !changes.name && !changes.lastName) nameContact(world, changes);
  const edits = multiFields && takesValues(world) ? readValues(world, entity, readNewEdits(input.fm)) : [];
  requireFields(world, entity, { creating: true, values: { ...unsaid(world, entity), ...changes }, fm: edits });
  const item = wordingInvalid(world, entity, invalidValue, () => add(world, changes, edits, by, true));
  return { ...itemReply(world, entity, item, names), changed: true };
}

/** How rights work: a user may create a record for a responsible person only if allowed to create records of that person. */
export function draft(entity: EntityName, changes: Changes, by: number): CrmRecord {
  return { ...kinds[entity].blank, assignedById: by, ...changes };
}

/** What the portal does with a contact of whom it is told no name at all. */
function nameContact(world: World, changes: Changes): void {
  if (world.settings.switches.namelessContact === "refused") {
    throw requiredError(world, titleOf("name", world.settings.language));
  }
  changes.name = `${world.say("nameless")} #${world.nextIds.contact}`;
}

export function updateItem(world: World, params: ValueMap, input: ValueMap, by: number): Reply {
  const entity = entityOf(world, params);
  const { update, multiFields } = kinds[entity];
  const item = findItem(world, entity, params, by, "update");
  const names = userFieldNamesOf(params);
  const kept = keptNames(world, entity, input, names);
  const taken = Object.entries(input).filter(([name]) => !kept.includes(name));
  const changes = readChanges(world, entity, Object.fromEntries(taken), { existing: true, names });
  if (entity === "contact") requireName(world, item, changes);
  const edits =
    multiFields && takesValues(world) ? readValues(world, entity, editsOf(world, input.fm, valuesOf(item))) : [];
  // Mandatory fields are looked at only when the deal or lead goes to another stage of its funnel.
  const isSameFunnel = changes.categoryId === undefined || changes.categoryId === item.categoryId;
  if (changes.stageId && changes.stageId !== item.stageId && isSameFunnel) {
    const fm = applyEdits(valuesOf(item), edits, () => 0);
    requireFields(world, entity, { creating: false, values: { ...item, ...changes }, fm });
  }
  const save = () => update(world, item, changes, edits, by, true);
  const changed = wordingInvalid(world, entity, invalidValue, save);
  // The answer shows as empty what was left as it is.
  const shown = { ...itemShape(world, entity, item, names), ...Object.fromEntries(kept.map((name) => [name, null])) };
  return { result: { item: shown }, changed };
}

/** The fields that the caller empties and that this portal leaves as they are. */
function keptNames(world: World, entity: EntityName, input: ValueMap, names: UserFieldNames): string[] {
  const side = world.settings.switches.universalClearing;
  if (side === "cleared") return [];
  return Object.entries(input).flatMap(([name, value]) => {
    const field = world.fields(entity).named(name, names);
    const isBlank = value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
    const isList = field?.type === "ids" || field?.type === "texts";
    return field && isBlank && (isList || side === "kept") ? [name] : [];
  });
}

/** A portal that only adds takes the map of an update for a list of further values. */
const editsOf = ({ settings }: World, fm: Value | undefined, existing: readonly MultiField[]): MultiFieldEdit[] =>
  settings.switches.universalMultiFields === "added" ? readNewEdits(fm) : readUniversalEdits(fm, existing);

const takesValues = ({ settings }: World): boolean => settings.switches.universalCommunications === "known";

function requireName(world: World, contact: CrmRecord, changes: Changes): void {
  const { name, lastName } = { ...contact, ...changes };
  if ((!("name" in changes) && !("lastName" in changes)) || name || lastName) return;
  const { language } = world.settings;
  throw requiredError(world, `${titleOf("name", language)}, ${titleOf("lastName", language)}`);
}

/** The edits as the columns keep them, without the e-mails that this portal takes for none. */
function readValues(world: World, entity: EntityName, edits: MultiFieldEdit[]): MultiFieldEdit[] {
  return storableEdits(world, edits).filter(({ typeId, value }) => {
    if (typeId !== "EMAIL" || value === "" || isStrict(value)) return true;
    return wordingInvalid(world, entity, invalidValue, () => isKept(world.settings.unknown.email, "EMAIL"));
  });
}

function readChanges(
  world: World,
  entity: EntityName,
  input: ValueMap,
  { existing, names }: { existing: boolean; names: UserFieldNames },
): Changes {
  const changes: Changes = {};
  for (const [name, value] of Object.entries(input)) {
    const field = world.fields(entity).named(name, names);
    if (!field || field.readOnly) continue;
    if (field.immutable && existing && !(entity === "deal" && field.name === "categoryId")) continue;
    if ((field.type === "ids" || field.type === "texts") && value !== null && typeof value !== "object") {
      throw new PortalError(100, world.sentences.notIterable(typeof value));
    }
    changes[field.name] = readField(world, field, value);
  }
  return changes;
}

function requireFields(world: World, entity: EntityName, filling: Filling): void {
  const missing = missingField(world, entity, filling);
  if (missing !== undefined) throw requiredError(world, missing);
}

function requiredError(world: World, title: string): PortalError {
  return new PortalError("CRM_FIELD_ERROR_REQUIRED", world.sentences.requiredField(title));
}

/** One answer for each, in order; none of them starts the portal's automation. */
export function importItems(world: World, params: ValueMap, { userId }: { userId: number }): Reply {
  const entity = entityOf(world, params);
  const data = asList(params.data);
  if (data.length > maxImport) throw new PortalError("MAX_IMPORT_BATCH_SIZE_EXCEEDED", world.say("importSize"));
  const names = userFieldNamesOf(params);
  const add = (input: Value): Value => {
    try {
      const { result } = addItem(world, entity, asMap(input) ?? {}, userId, names);
      return { item: { id: asMap(asMap(result)?.item)?.id ?? 0 } };
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return { error: error.code, error_description: error.message };
    }
  };
  const items = world.automation.whileImporting(() => data.map(add));
  return { result: { items }, changed: true };
}

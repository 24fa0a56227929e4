import { readField } from "../crm/columns";
import { addContact, updateContact } from "../crm/contacts";
import { addDeal, updateDeal } from "../crm/deals";
import { isStrict } from "../crm/email";
import type { EntityName } from "../crm/fields";
import { type MultiFieldEdit, readNewEdits, readUniversalEdits, storableEdits } from "../crm/multi-fields";
import { blankContact, blankDeal, type Changes, type Contact, type CrmRecord } from "../crm/records";
import { type Filling, missingField } from "../crm/required";
import { titleOf } from "../crm/titles";
import { isKept } from "../crm/unknown-values";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { guard } from "./guards";
import { entityOf, findItem, isDeal, itemReply } from "./item-access";
import { wordingInvalid } from "./method";

const maxImport = 20;
const invalidValue = "CRM_FIELD_ERROR_VALUE_NOT_VALID";

export function addItem(world: World, entity: EntityName, input: ValueMap, by: number): Reply {
  const changes = readChanges(world, entity, input, false);
  guard(world, by, "add", entity, draft(entity, changes, by));
  if (entity === "contact") {
    if (!changes.name && !changes.lastName) nameContact(world, changes);
    const edits = readValues(world, readNewEdits(input.fm));
    requireFields(world, entity, { creating: true, values: { ...blankContact, ...changes }, fm: edits });
    const contact = wordingInvalid(world, entity, invalidValue, () => addContact(world, changes, edits, by));
    return { ...itemReply(world, contact), changed: true };
  }
  requireFields(world, entity, { creating: true, values: { ...blankDeal, ...changes }, fm: [] });
  const deal = wordingInvalid(world, entity, invalidValue, () => addDeal(world, changes, by, true));
  return { ...itemReply(world, deal), changed: true };
}

/** How rights work: a user may create a record for a responsible person only if allowed to create records of that person. */
export function draft(entity: EntityName, changes: Changes, by: number): CrmRecord {
  return { ...(entity === "deal" ? blankDeal : blankContact), assignedById: by, ...changes };
}

/** What the portal does with a contact of whom it is told no name at all. */
function nameContact(world: World, changes: Changes): void {
  if (world.settings.switches.namelessContact === "refused") {
    throw requiredError(world, titleOf("name", world.settings.language));
  }
  changes.name = `${world.say("nameless")} #${world.nextIds.contact}`;
}

export function updateItem(world: World, params: ValueMap, input: ValueMap, by: number): Reply {
  const item = findItem(world, params, by, "update");
  if (!isDeal(item)) return updateContactItem(world, item, input, by);
  const changes = readChanges(world, "deal", input, true);
  // Mandatory fields are looked at only when the deal goes to another stage of its funnel.
  if (changes.stageId && changes.stageId !== item.stageId && changes.categoryId === undefined) {
    requireFields(world, "deal", { creating: false, values: { ...item, ...changes }, fm: [] });
  }
  const update = () => updateDeal(world, item, changes, by, true);
  const { changed } = wordingInvalid(world, "deal", invalidValue, update);
  return { ...itemReply(world, item), changed };
}

function updateContactItem(world: World, contact: Contact, input: ValueMap, by: number): Reply {
  const changes = readChanges(world, "contact", input, true);
  const { name, lastName } = { ...contact, ...changes };
  if (("name" in changes || "lastName" in changes) && !name && !lastName) {
    const { language } = world.settings;
    throw requiredError(world, `${titleOf("name", language)}, ${titleOf("lastName", language)}`);
  }
  const edits = readValues(world, readUniversalEdits(input.fm, contact.fm));
  const update = () => updateContact(world, contact, changes, edits, by, true);
  const changed = wordingInvalid(world, "contact", invalidValue, update);
  return { ...itemReply(world, contact), changed };
}

/** The edits as the columns keep them, without the e-mails that this portal takes for none. */
function readValues(world: World, edits: MultiFieldEdit[]): MultiFieldEdit[] {
  return storableEdits(world, edits).filter(({ typeId, value }) => {
    if (typeId !== "EMAIL" || value === "" || isStrict(value)) return true;
    return wordingInvalid(world, "contact", invalidValue, () => isKept(world.settings.unknown.email, "EMAIL"));
  });
}

function readChanges(world: World, entity: EntityName, input: ValueMap, existing: boolean): Changes {
  const changes: Changes = {};
  for (const [name, value] of Object.entries(input)) {
    const field = world.fields(entity).named(name);
    if (!field || field.readOnly) continue;
    if (field.immutable && existing && field.name !== "categoryId") continue;
    if (field.type === "ids" && value !== null && typeof value !== "object") {
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
  const add = (input: Value): Value => {
    try {
      const { result } = addItem(world, entity, asMap(input) ?? {}, userId);
      return { item: { id: asMap(asMap(result)?.item)?.id ?? 0 } };
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return { error: error.code, error_description: error.message };
    }
  };
  const items = world.automation.whileImporting(() => data.map(add));
  return { result: { items }, changed: true };
}

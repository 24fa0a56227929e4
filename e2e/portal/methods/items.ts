import { readField } from "../crm/columns";
import { addContact, deleteContact, updateContact } from "../crm/contacts";
import { addDeal, deleteDeal, updateDeal } from "../crm/deals";
import type { EntityName, Field } from "../crm/fields";
import type { FilterNames } from "../crm/filter";
import { listRecords, readOrder } from "../crm/listing";
import { readNewEdits, readUniversalEdits } from "../crm/multi-fields";
import type { Changes, Contact, Deal } from "../crm/records";
import { universalMultiFields, universalShape } from "../crm/shapes";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { describeUniversal } from "./field-descriptions";
import { type Methods, missingParameter, scoped, wordingInvalid } from "./method";

export const itemMethods: Methods = scoped("crm", {
  "crm.item.add": (world, params, { userId }) =>
    addItem(world, entityOf(world, params), fieldsOf(world, params), userId),
  "crm.item.update": (world, params, { userId }) => updateItem(world, params, fieldsOf(world, params), userId),
  "crm.item.get": (world, params) => itemReply(world, findItem(world, params)),
  "crm.item.list": listItems,
  "crm.item.delete": (world, params) => {
    const item = findItem(world, params);
    if (isDeal(item)) deleteDeal(world, item);
    else deleteContact(world, item);
    return { result: [], changed: true };
  },
  "crm.item.fields": (world, params) => ({ result: { fields: describeUniversal(world, entityOf(world, params)) } }),
  "crm.item.batchimport": importItems,
});

const maxImport = 20;
const invalidValue = "CRM_FIELD_ERROR_VALUE_NOT_VALID";

function entityOf(world: World, params: ValueMap): EntityName {
  if (params.entityTypeId === undefined) throw missingParameter(world, "entityTypeId");
  const entityTypeId = toInt(params.entityTypeId);
  if (entityTypeId === 2) return "deal";
  if (entityTypeId === 3) return "contact";
  throw new PortalError("NOT_FOUND", world.say("typeNotFound"));
}

function fieldsOf(world: World, params: ValueMap): ValueMap {
  const fields = asMap(params.fields);
  if (!fields) throw missingParameter(world, "fields");
  return fields;
}

function findItem(world: World, params: ValueMap): Contact | Deal {
  const entity = entityOf(world, params);
  if (params.id === undefined) throw missingParameter(world, "id");
  const records = entity === "deal" ? world.deals : world.contacts;
  const record = records.byId.get(toInt(params.id));
  if (!record) throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
  return record;
}

function isDeal(item: Contact | Deal): item is Deal {
  return "stageId" in item;
}

function itemReply(world: World, item: Contact | Deal): Reply {
  return { result: { item: itemShape(world, item) } };
}

function itemShape(world: World, item: Contact | Deal): ValueMap {
  const shape = universalShape(world, world.fields(isDeal(item) ? "deal" : "contact"), item);
  shape.entityTypeId = isDeal(item) ? 2 : 3;
  return isDeal(item) ? shape : Object.assign(shape, universalMultiFields(item.fm));
}

function addItem(world: World, entity: EntityName, input: ValueMap, by: number): Reply {
  const changes = readChanges(world, entity, input, false);
  requireFields(world, entity, changes);
  if (entity === "contact") {
    if (!changes.name && !changes.lastName) throw requiredError(world, "name");
    return { ...itemReply(world, addContact(world, changes, readNewEdits(input.fm), by)), changed: true };
  }
  return {
    ...itemReply(
      world,
      wordingInvalid(world, invalidValue, () => addDeal(world, changes, by, true)),
    ),
    changed: true,
  };
}

function updateItem(world: World, params: ValueMap, input: ValueMap, by: number): Reply {
  const item = findItem(world, params);
  if (!isDeal(item)) {
    const edits = readUniversalEdits(input.fm, item.fm);
    const changed = updateContact(world, item, readChanges(world, "contact", input, true), edits, by, true);
    return { ...itemReply(world, item), changed };
  }
  const changes = readChanges(world, "deal", input, true);
  // Mandatory fields are looked at only when the deal goes to another stage of its funnel.
  if (changes.stageId && changes.stageId !== item.stageId && changes.categoryId === undefined) {
    requireFields(world, "deal", { ...item, ...changes });
  }
  const { changed } = wordingInvalid(world, invalidValue, () => updateDeal(world, item, changes, by, true));
  return { ...itemReply(world, item), changed };
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
    changes[field.name] = readField(field, value, world.settings.utcOffsetMinutes);
  }
  return changes;
}

function requireFields(world: World, entity: EntityName, values: Changes): void {
  for (const name of world.settings.required[entity]) if (!values[name]) throw requiredError(world, name);
}

function requiredError(world: World, field: string): PortalError {
  return new PortalError("CRM_FIELD_ERROR_REQUIRED", world.sentences.requiredField(field));
}

/** Unlike the older methods it refuses a filter by a field it does not know. */
function itemNames(world: World, entity: EntityName, sentence: "filterField" | "orderField"): FilterNames {
  const find = (name: string): Field | undefined => world.fields(entity).named(name);
  const unknown = (name: string) => {
    throw new PortalError("INVALID_ARG_VALUE", world.sentences[sentence](name));
  };
  return { find, unknown, multiFields: false, nested: true };
}

function listItems(world: World, params: ValueMap): Reply {
  const entity = entityOf(world, params);
  const table = world.fields(entity);
  const filter = asMap(params.filter) ?? {};
  const order = readOrder(itemNames(world, entity, "orderField"), params.order);
  const names = itemNames(world, entity, "filterField");
  const records = entity === "deal" ? world.deals : world.contacts;
  const page = listRecords<Contact | Deal>(world, records, names, { filter, order, start: params.start });
  const select = asList(params.select).map(toText);
  const everything = select.length === 0 || select.includes("*");
  const only = everything ? undefined : new Set(["id", ...select]);
  const items: Value = page.records.map((item) =>
    // Phones and e-mails come with everything or not at all: they cannot be selected by name.
    everything ? itemShape(world, item) : universalShape(world, table, item, only),
  );
  return { ...page, result: { items } };
}

/** One answer for each, in order; none of them starts the portal's automation. */
function importItems(world: World, params: ValueMap, { userId }: { userId: number }): Reply {
  const entity = entityOf(world, params);
  const data = asList(params.data);
  if (data.length > maxImport) throw new PortalError("MAX_IMPORT_BATCH_SIZE_EXCEEDED", world.say("importSize"));
  const items = data.map((input): Value => {
    try {
      const { result } = addItem(world, entity, asMap(input) ?? {}, userId);
      return { item: { id: asMap(asMap(result)?.item)?.id ?? 0 } };
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return { error: error.code, error_description: error.message };
    }
  });
  return { result: { items }, changed: true };
}

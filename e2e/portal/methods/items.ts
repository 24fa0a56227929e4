import type { Webhook } from "../administration";
import type { EntityName, Field, UserFieldNames } from "../crm/fields";
import type { FilterNames } from "../crm/filter";
import { kinds } from "../crm/kinds";
import { listRecords, readOrder } from "../crm/listing";
import { universalShape } from "../crm/shapes";
import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toText, type Value, type ValueMap } from "../protocol/values";
import { visibleTo } from "../rights";
import type { World } from "../world";
import { describeUniversal } from "./field-descriptions";
import { guardKind } from "./guards";
import { entityOf, fieldsOf, findItem, itemReply, itemShape, userFieldNamesOf } from "./item-access";
import { addItem, importItems, updateItem } from "./item-writing";
import { type Methods, scoped } from "./method";

export const itemMethods: Methods = scoped("crm", {
  "crm.item.add": (world, params, { userId }) =>
    addItem(world, entityOf(world, params), fieldsOf(world, params), userId, userFieldNamesOf(params)),
  "crm.item.update": (world, params, { userId }) => updateItem(world, params, fieldsOf(world, params), userId),
  "crm.item.get": (world, params, { userId }) => {
    const entity = entityOf(world, params);
    return itemReply(world, entity, findItem(world, entity, params, userId, "read"), userFieldNamesOf(params));
  },
  "crm.item.list": listItems,
  "crm.item.delete": (world, params, { userId }) => {
    const entity = entityOf(world, params);
    kinds[entity].remove(world, findItem(world, entity, params, userId, "delete"));
    return { result: [], changed: true };
  },
  "crm.item.fields": (world, params, { userId }) => {
    const entity = entityOf(world, params);
    guardKind(world, userId, "read", entity);
    return { result: { fields: describeUniversal(world, entity, userFieldNamesOf(params)) } };
  },
  "crm.item.batchimport": importItems,
});

/** Unlike the older methods it refuses a filter by a field it does not know. */
function itemNames(
  world: World,
  entity: EntityName,
  userFields: UserFieldNames,
  sentence: "filterField" | "orderField",
): FilterNames {
  const find = (name: string): Field | undefined => world.fields(entity).named(name, userFields);
  const unknown = (name: string) => {
    throw new PortalError("INVALID_ARG_VALUE", world.sentences[sentence](name));
  };
  const unreadable = (name: string) => {
    throw new PortalError("INVALID_ARG_VALUE", world.sentences.filterValue(name));
  };
  return { find, unknown, unreadable, multiFields: undefined, nested: true };
}

/** The method's page names these two, in capitals; pages of other methods name them in small letters. */
function refuseDirections(world: World, order: Value | undefined): void {
  for (const [field, direction] of Object.entries(asMap(order) ?? {})) {
    if (direction === "ASC" || direction === "DESC") continue;
    throw new PortalError("INVALID_ARG_VALUE", world.sentences.orderDirection(field, toText(direction)));
  }
}

function listItems(world: World, params: ValueMap, { userId }: Webhook): Reply {
  const entity = entityOf(world, params);
  if (world.settings.switches.listWithoutRight === "refused") guardKind(world, userId, "read", entity);
  const visible = visibleTo(world, userId, entity);
  const table = world.fields(entity);
  const filter = asMap(params.filter) ?? {};
  refuseDirections(world, params.order);
  const userFields = userFieldNamesOf(params);
  const order = readOrder(itemNames(world, entity, userFields, "orderField"), params.order);
  const names = itemNames(world, entity, userFields, "filterField");
  const page = listRecords(world, world.records[entity], names, { filter, order, start: params.start, visible });
  const select = asList(params.select).map(toText);
  const everything = select.length === 0 || select.includes("*");
  const only = everything ? undefined : new Set(["id", ...select]);
  const items: Value = page.records.map((item) =>
    // Phones and e-mails come with everything or not at all: they cannot be selected by name.
    everything ? itemShape(world, entity, item, userFields) : universalShape(world, table, item, userFields, only),
  );
  return { ...page, result: { items } };
}

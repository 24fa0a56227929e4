import type { EntityName, Field, FieldType } from "../crm/fields";
import { multiFieldTypes } from "../crm/multi-fields";
import { emptyMap, type ValueMap } from "../protocol/values";
import type { World } from "../world";

const portalTypes: Record<FieldType, string> = {
  integer: "integer",
  reference: "integer",
  double: "double",
  money: "double",
  string: "string",
  text: "string",
  flag: "char",
  date: "date",
  datetime: "datetime",
  ids: "integer",
};

/** Columns whose type says what they refer to. */
const specialTypes: Record<string, string> = {
  assignedById: "user",
  createdBy: "user",
  updatedBy: "user",
  companyId: "crm_company",
  contactId: "crm_contact",
  contactIds: "crm_contact",
  categoryId: "crm_category",
  currencyId: "crm_currency",
  stageId: "crm_status",
  sourceId: "crm_status",
  typeId: "crm_status",
  honorific: "crm_status",
};

function describe(world: World, entity: EntityName, field: Field): ValueMap {
  return {
    type: specialTypes[field.name] ?? portalTypes[field.type],
    isRequired: world.settings.required[entity].includes(field.name),
    isReadOnly: field.readOnly,
    isImmutable: field.immutable,
    isMultiple: field.type === "ids",
    isDynamic: field.upper.startsWith("UF_"),
    title: field.upper,
  };
}

/** `crm.item.fields`: by camelCase name; `upperName` is the only safe way from one family's names to the other's. */
export function describeUniversal(world: World, entity: EntityName): ValueMap {
  const fields = emptyMap();
  for (const field of world.fields(entity).all) {
    fields[field.name] = { ...describe(world, entity, field), upperName: field.upper };
  }
  if (entity === "contact")
    fields.fm = { type: "crm_multifield", isRequired: false, isReadOnly: false, isMultiple: true };
  return fields;
}

/** `crm.contact.fields`, `crm.deal.fields`. */
export function describeLegacy(world: World, entity: EntityName): ValueMap {
  const fields = emptyMap();
  for (const field of world.fields(entity).all) {
    if (field.name !== "observers") fields[field.upper] = describe(world, entity, field);
  }
  if (entity === "deal") return fields;
  for (const typeId of multiFieldTypes) {
    fields[typeId] = { type: "crm_multifield", isRequired: false, isReadOnly: false, isMultiple: true, title: typeId };
  }
  return fields;
}

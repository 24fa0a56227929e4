import {
  type EntityName,
  type Field,
  type FieldType,
  fieldTitle,
  type UserFieldNames,
  universalName,
} from "../crm/fields";
import { kinds } from "../crm/kinds";
import { multiFieldTypes } from "../crm/multi-fields";
import { isKindRequired, isRequired } from "../crm/required";
import { titleOf } from "../crm/titles";
import { emptyMap, type ValueMap } from "../protocol/values";
import type { World } from "../world";

type Family = "legacy" | "universal";

/** Two names where the families differ. */
const portalTypes: Record<FieldType, string | Record<Family, string>> = {
  integer: "integer",
  reference: "integer",
  double: "double",
  money: "double",
  string: "string",
  text: { legacy: "string", universal: "text" },
  flag: { legacy: "char", universal: "boolean" },
  date: "date",
  datetime: "datetime",
  ids: "integer",
  texts: "string",
};

/** Columns whose type says what they refer to. */
const specialTypes: Record<string, string> = {
  assignedById: "user",
  createdBy: "user",
  updatedBy: "user",
  movedBy: "user",
  lastActivityBy: "user",
  observers: "user",
  companyId: "crm_company",
  companyIds: "crm_company",
  contactId: "crm_contact",
  contactIds: "crm_contact",
  leadId: "crm_lead",
  quoteId: "crm_quote",
  categoryId: "crm_category",
  currencyId: "crm_currency",
  locationId: "location",
  stageId: "crm_status",
  sourceId: "crm_status",
  typeId: "crm_status",
  honorific: "crm_status",
  industry: "crm_status",
  employees: "crm_status",
};

/** Which of the portal's lists the column takes its values from, as `crm.status.list` names it. */
function statusType(entity: EntityName, name: string): string | undefined {
  if (name === "sourceId") return "SOURCE";
  if (name === "stageId") return entity === "lead" ? "STATUS" : "DEAL_STAGE";
  if (name === "honorific") return "HONORIFIC";
  if (name === "typeId") return `${entity.toUpperCase()}_TYPE`;
  if (name === "industry" || name === "employees") return name.toUpperCase();
  return undefined;
}

function describe(world: World, entity: EntityName, field: Field, family: Family): ValueMap {
  const { own, name, type } = field;
  const named = portalTypes[type];
  const description: ValueMap = {
    type: own?.type ?? specialTypes[name] ?? (typeof named === "string" ? named : named[family]),
    isRequired: world.settings.switches.requiredFlag === "told" && isRequired(world, entity, field),
    isReadOnly: field.readOnly,
    // The newer family moves a deal to another funnel, so there nothing is fixed for good.
    isImmutable: field.immutable && family === "legacy",
    isMultiple: type === "ids" || type === "texts",
    isDynamic: own !== undefined,
  };
  const list = statusType(entity, name);
  if (list) description.statusType = list;
  if (name === "contactId" || name === "companyId") description.isDeprecated = true;
  const title = fieldTitle(field, world.settings.language);
  if (!own) return { ...description, title };
  const items = own.items?.map(({ id, value }) => ({ ID: String(id), VALUE: value }));
  return {
    ...description,
    ...(items ? { items } : {}),
    // The older family puts the field's own name where people would read its title.
    title: family === "legacy" ? own.name : title,
    listLabel: title,
    formLabel: title,
    filterLabel: title,
    settings: emptyMap(),
  };
}

function describeMultiField(world: World, required: boolean, title: string): ValueMap {
  const told = world.settings.switches.requiredFlag === "told" && required;
  const flags = { isReadOnly: false, isImmutable: false, isMultiple: true, isDynamic: false };
  return { type: "crm_multifield", isRequired: told, ...flags, title };
}

/**
 * `crm.item.fields`: by camelCase name, unless the caller wants user fields by their own; `upperName` is the only safe
 * way from one family's names to the other's.
 */
export function describeUniversal(world: World, entity: EntityName, names: UserFieldNames): ValueMap {
  const fields = emptyMap();
  for (const field of world.fields(entity).newer) {
    const name = universalName(field, names);
    fields[name] = { ...describe(world, entity, field, "universal"), upperName: field.upper };
  }
  if (!kinds[entity].multiFields) return fields;
  const required = multiFieldTypes.some((typeId) => isKindRequired(world, entity, typeId));
  fields.fm = { ...describeMultiField(world, required, "FM"), upperName: "FM" };
  return fields;
}

/** `crm.contact.fields`, `crm.deal.fields` and the like. */
export function describeLegacy(world: World, entity: EntityName): ValueMap {
  const fields = emptyMap();
  for (const field of world.fields(entity).all) {
    if (field.name !== "observers") fields[field.upper] = describe(world, entity, field, "legacy");
  }
  if (!kinds[entity].multiFields) return fields;
  for (const typeId of multiFieldTypes) {
    const title = titleOf(typeId, world.settings.language);
    fields[typeId] = describeMultiField(world, isKindRequired(world, entity, typeId), title);
  }
  return fields;
}

import type { UserField, UserFieldType } from "../administration";
import { type EntityName, entityNames } from "../crm/fields";
import { PortalError } from "../protocol/errors";
import { toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { guardKind } from "./guards";
import { legacyId, legacyMap } from "./legacy";
import { type Methods, scoped } from "./method";
import { matching, sortBy } from "./plain-lists";

/**
 * What the administrator has added to the cards, as the portal's own settings have it. Only the administrator adds and
 * changes it.
 */
export const userFieldMethods: Methods = Object.assign({}, ...entityNames.map(methodsOf));

function methodsOf(entity: EntityName): Methods {
  return scoped("crm", {
    [`crm.${entity}.userfield.list`]: (world, params, { userId }) => {
      guardKind(world, userId, "read", entity, "legacy");
      const order = legacyMap(world, params, "order") ?? { SORT: "ASC", ID: "ASC" };
      const { LANG, ...filter } = legacyMap(world, params, "filter") ?? {};
      const found = matching(fieldsOf(world, entity), filter);
      sortBy(found, order);
      const labelled = found.map(({ title, ...field }) =>
        toText(LANG) ? { ...field, ...labels(title ?? "") } : field,
      );
      return { result: labelled, total: labelled.length };
    },
    [`crm.${entity}.userfield.get`]: (world, params, { userId }) => {
      guardKind(world, userId, "read", entity, "legacy");
      const id = legacyId(world, params);
      const found = fieldsOf(world, entity).find(({ ID }) => ID === String(id));
      if (!found) throw new PortalError("ERROR_NOT_FOUND", world.sentences.entityNotFound(id));
      const { title = "", ...field } = found;
      return { result: { ...field, ...labels({ en: title, ru: title }) } };
    },
  });
}

/** Every field has one set of words here, whatever language is asked for. A list has them only if one is. */
function labels(title: Value): ValueMap {
  const words = { EDIT_FORM_LABEL: title, LIST_COLUMN_LABEL: title, LIST_FILTER_LABEL: title };
  return { ...words, ERROR_MESSAGE: null, HELP_MESSAGE: null };
}

/** Each kind of record counts from a number of its own, so that a field's id is never that of another kind's field. */
const firstIds: Record<EntityName, number> = { lead: 1001, deal: 2001, contact: 3001, company: 4001 };

function fieldsOf(world: World, entity: EntityName): ValueMap[] {
  return world.settings.userFields[entity].map((field, index) => describe(entity, field, index));
}

function describe(entity: EntityName, field: UserField, index: number): ValueMap {
  const { name, type, title = name, multiple, required, items } = field;
  const choices = items?.map(({ id, value }, place) => ({
    ID: String(id),
    SORT: String((place + 1) * 10),
    VALUE: value,
    DEF: "N",
    XML_ID: `choice-${id}`,
  }));
  return {
    title,
    ID: String(firstIds[entity] + index),
    ENTITY_ID: `CRM_${entity.toUpperCase()}`,
    FIELD_NAME: name,
    USER_TYPE_ID: type,
    XML_ID: null,
    SORT: String((index + 1) * 100),
    MULTIPLE: multiple ? "Y" : "N",
    MANDATORY: required ? "Y" : "N",
    SHOW_FILTER: "E",
    SHOW_IN_LIST: "Y",
    EDIT_IN_LIST: "Y",
    IS_SEARCHABLE: "N",
    SETTINGS: settings[type],
    ...(choices ? { LIST: choices } : {}),
  };
}

const noDate = { DEFAULT_VALUE: { TYPE: "NONE", VALUE: "" } };
const bounds = { MIN_VALUE: 0, MAX_VALUE: 0, DEFAULT_VALUE: "" };

/** As a field has them of which nothing was set but the type. */
const settings: Record<UserFieldType, Value> = {
  string: { SIZE: 20, ROWS: 1, REGEXP: "", MIN_LENGTH: 0, MAX_LENGTH: 0, DEFAULT_VALUE: "" },
  integer: { SIZE: 20, ...bounds },
  double: { PRECISION: 2, SIZE: 20, ...bounds },
  boolean: { DEFAULT_VALUE: 0, DISPLAY: "CHECKBOX" },
  date: noDate,
  datetime: noDate,
  enumeration: { DISPLAY: "LIST", LIST_HEIGHT: 1, CAPTION_NO_VALUE: "", SHOW_NO_VALUE: "Y" },
  money: { DEFAULT_VALUE: "" },
  url: { POPUP: "Y", SIZE: 20, DEFAULT_VALUE: "" },
  address: { SHOW_MAP: "Y" },
  employee: [],
  crm: { LEAD: "Y", CONTACT: "Y", COMPANY: "Y", DEAL: "Y" },
};

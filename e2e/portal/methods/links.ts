import type { EntityName } from "../crm/fields";
import type { CrmRecord } from "../crm/records";
import { legacyParameter } from "../protocol/call";
import type { Reply } from "../protocol/envelope";
import { asList, asMap, toFlag, toInt, type Value, type ValueMap } from "../protocol/values";
import type { Action } from "../rights";
import type { World } from "../world";
import { findRecord, legacyError } from "./legacy";
import { type Methods, scoped, wordingInvalid } from "./method";

/** Links of one kind of record to several of another: the first is the primary one, the sort values are 10, 20, 30… */
interface Links {
  owner: EntityName;
  linked: "contact" | "company";
  /** The ids that the owner is linked to. */
  idsOf(record: CrmRecord): number[];
  /** Replaces the links. Answers whether anything changed. */
  save(world: World, record: CrmRecord, ids: number[], by: number): boolean;
}

/** `add`, `delete`, `fields` and `items.*` of such links. */
export function linkMethods({ owner, linked, idsOf, save }: Links): Methods {
  const key = `${linked.toUpperCase()}_ID`;
  const of = (verb: string) => `crm.${owner}.${linked}.${verb}`;
  const find = (world: World, params: ValueMap, userId: number, action: Action): CrmRecord => {
    if (toInt(legacyParameter(params, "id")) <= 0) throw legacyError(world, "linkOwnerInvalid");
    return findRecord(world, owner, params, userId, action);
  };
  const link = (world: World, record: CrmRecord, ids: number[], by: number): Reply => {
    const changed = wordingInvalid(world, owner, "", () => save(world, record, ids, by));
    return { result: true, changed };
  };
  return scoped("crm", {
    [of("add")]: (world, params, { userId }) => {
      const record = find(world, params, userId, "update");
      const fields = fieldsIn(world, params);
      const id = idIn(world, fields, key);
      if (!world.records[linked].byId.has(id)) throw legacyError(world, `${linked}NotFound`);
      const ids = idsOf(record);
      if (ids.includes(id)) return { result: false, changed: false };
      const first = toFlag(fields.IS_PRIMARY) === "Y";
      return link(world, record, first ? [id, ...ids] : [...ids, id], userId);
    },
    [of("delete")]: (world, params, { userId }) => {
      const record = find(world, params, userId, "update");
      const id = idIn(world, fieldsIn(world, params), key);
      const ids = idsOf(record);
      if (!ids.includes(id)) return { result: false, changed: false };
      const rest = ids.filter((one) => one !== id);
      return link(world, record, rest, userId);
    },
    [of("items.get")]: (world, params, { userId }) => ({
      result: idsOf(find(world, params, userId, "read")).map((id, index) => ({
        [key]: id,
        SORT: (index + 1) * 10,
        ROLE_ID: 0,
        IS_PRIMARY: index === 0 ? "Y" : "N",
      })),
    }),
    // Without the list nothing is unlinked: only an empty one does that.
    [of("items.set")]: (world, params, { userId }) => {
      const record = find(world, params, userId, "update");
      const items = legacyParameter(params, "items");
      if (!asMap(items)) throw legacyError(world, "linkItemsNotArray");
      return link(world, record, orderedIds(asList(items), key), userId);
    },
    [of("items.delete")]: (world, params, { userId }) => link(world, find(world, params, userId, "update"), [], userId),
    [of("fields")]: () => ({
      result: {
        [key]: describe("integer", true),
        SORT: describe("integer"),
        IS_PRIMARY: describe("char"),
        ...(linked === "contact" ? { ROLE_ID: describe("integer") } : {}),
      },
    }),
  });
}

function describe(type: string, isRequired = false): ValueMap {
  return { type, isRequired, isReadOnly: false, isImmutable: false, isMultiple: false, isDynamic: false };
}

function fieldsIn(world: World, params: ValueMap): ValueMap {
  const fields = asMap(legacyParameter(params, "fields"));
  if (!fields) throw legacyError(world, "linkFieldsNotArray");
  return fields;
}

function idIn(world: World, fields: ValueMap, key: string): number {
  const id = toInt(fields[key]);
  if (id <= 0) throw legacyError(world, "linkFieldsInvalid");
  return id;
}

/** By their sort values, the one marked as primary before all others. */
function orderedIds(items: Value[], key: string): number[] {
  const links = items.map((item, index) => {
    const { [key]: id, SORT, IS_PRIMARY } = asMap(item) ?? {};
    return { id: toInt(id), sort: toInt(SORT) || (index + 1) * 10, primary: toFlag(IS_PRIMARY) === "Y" };
  });
  links.sort((left, right) => Number(right.primary) - Number(left.primary) || left.sort - right.sort);
  return links.flatMap(({ id }) => (id > 0 ? id : []));
}

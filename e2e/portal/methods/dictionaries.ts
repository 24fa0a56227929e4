import type { Funnel } from "../administration";
import { stagesOf } from "../crm/stages";
import { legacyParameter } from "../protocol/call";
import { formatDateTime } from "../protocol/dates";
import { PortalError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import { mayEver, sees } from "../rights";
import type { World } from "../world";
import { denial } from "./guards";
import { type Methods, missingParameter, scoped } from "./method";

export const dictionaryMethods: Methods = scoped("crm", {
  "crm.status.list": (world, params, { userId }) => {
    const mayReadAny = mayEver(world, userId, "read", "deal") || mayEver(world, userId, "read", "contact");
    if (!mayReadAny) throw denial(world, "crm.status.list");
    const statuses = listStatuses(world, asMap(legacyParameter(params, "filter")) ?? {});
    sortBy(statuses, asMap(legacyParameter(params, "order")) ?? {});
    return { result: statuses, total: statuses.length };
  },
  "crm.category.list": (world, params, { userId }) => {
    const funnels = funnelsFor(world, params).filter(({ id }) => sees(world, userId, id));
    return { result: { categories: funnels.map((funnel) => describeFunnel(funnel, params)) }, total: funnels.length };
  },
  "crm.category.get": (world, params) => {
    const funnel = funnelsFor(world, params).find(({ id }) => id === toInt(params.id));
    if (!funnel) throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
    return { result: { category: describeFunnel(funnel, params) } };
  },
  "crm.dealcategory.stage.list": (world, params) => ({
    result: stagesOf(world.settings.funnels, toInt(params.id ?? params.ID)).map(({ name, sort, statusId }) => ({
      NAME: name,
      SORT: sort,
      STATUS_ID: statusId,
    })),
  }),
  // The total of this list is 0 whatever it holds.
  "crm.currency.list": (world) => ({ result: listCurrencies(world), total: 0 }),
  "crm.currency.base.get": (world) => ({ result: world.settings.currencies.find(({ base }) => base)?.code ?? "" }),
});

const semanticNames = { P: "process", S: "success", F: "failure" };

const otherStatuses: [entityId: string, statusId: string, name: string][] = [
  ["DEAL_TYPE", "SALE", "Sale"],
  ["DEAL_TYPE", "SERVICES", "Services"],
  ["CONTACT_TYPE", "CLIENT", "Clients"],
  ["CONTACT_TYPE", "SUPPLIER", "Suppliers"],
  ["HONORIFIC", "HNR_RU_1", "Mr."],
  ["HONORIFIC", "HNR_RU_2", "Ms."],
];

/** Stages of every funnel and the values of the other lists, in one table without pages. */
function listStatuses(world: World, filter: ValueMap): ValueMap[] {
  const stages = world.settings.funnels.flatMap(({ id: categoryId }) =>
    stagesOf(world.settings.funnels, categoryId).map(({ statusId, name, sort, color, semantics }) => ({
      ENTITY_ID: categoryId === 0 ? "DEAL_STAGE" : `DEAL_STAGE_${categoryId}`,
      STATUS_ID: statusId,
      NAME: name,
      NAME_INIT: name,
      SORT: String(sort),
      SYSTEM: "Y",
      CATEGORY_ID: categoryId === 0 ? null : String(categoryId),
      COLOR: color,
      SEMANTICS: semantics === "P" ? null : semantics,
      EXTRA: { SEMANTICS: statusId.endsWith("APOLOGY") ? "apology" : semanticNames[semantics], COLOR: color },
    })),
  );
  const sources = world.settings.sources.map(({ id, name }): (typeof otherStatuses)[number] => ["SOURCE", id, name]);
  const others = [...sources, ...otherStatuses].map(([entityId, statusId, name], index) => ({
    ENTITY_ID: entityId,
    STATUS_ID: statusId,
    NAME: name,
    NAME_INIT: name,
    SORT: String((index + 1) * 10),
    SYSTEM: "N",
    CATEGORY_ID: null,
    COLOR: null,
    SEMANTICS: null,
  }));
  const all = [...stages, ...others].map((status, index): ValueMap => ({ ID: String(101 + index), ...status }));
  return all.filter((status) => Object.entries(filter).every(([name, value]) => matches(status, name, value)));
}

function matches(status: ValueMap, name: string, value: Value): boolean {
  const own = status[name.replace(/^[=@]/, "").toUpperCase()];
  if (own === undefined) return true;
  return (typeof value === "object" ? asList(value) : [value]).map(toText).includes(toText(own));
}

/** Sorts in place; ids and sort values are text here and compared as numbers. */
function sortBy(statuses: ValueMap[], order: ValueMap): void {
  const compare = (left: string, right: string) => Number(left) - Number(right) || left.localeCompare(right);
  statuses.sort((left, right) => {
    for (const [name, direction] of Object.entries(order)) {
      const conflict = compare(toText(left[name.toUpperCase()]), toText(right[name.toUpperCase()]));
      if (conflict !== 0) return toText(direction).toUpperCase() === "DESC" ? -conflict : conflict;
    }
    return 0;
  });
}

function funnelsFor(world: World, params: ValueMap): Funnel[] {
  if (params.entityTypeId === undefined) throw missingParameter(world, "entityTypeId");
  const entityTypeId = toInt(params.entityTypeId);
  if (entityTypeId === 2) return world.settings.funnels;
  if (entityTypeId === 3) return [{ id: 0, name: "General" }];
  throw new PortalError("NOT_FOUND", world.say("typeNotFound"));
}

function describeFunnel({ id, name }: Funnel, params: ValueMap): ValueMap {
  const funnel = { id, name, sort: 100 + id * 100, entityTypeId: toInt(params.entityTypeId) };
  return id === 0 ? { ...funnel, isDefault: "Y" } : { ...funnel, isDefault: "N", originId: "", originatorId: "" };
}

function listCurrencies(world: World): ValueMap[] {
  return world.settings.currencies.map(({ code, rate, base }, index) => ({
    CURRENCY: code,
    AMOUNT_CNT: "1",
    AMOUNT: rate.toFixed(4),
    SORT: String((index + 1) * 100),
    BASE: base ? "Y" : "N",
    FULL_NAME: code,
    LID: "ru",
    FORMAT_STRING: `# ${code}`,
    DEC_POINT: ".",
    THOUSANDS_SEP: "&nbsp;",
    DECIMALS: "2",
    DATE_UPDATE: formatDateTime(world.clock.now(), world.settings.utcOffsetMinutes),
  }));
}

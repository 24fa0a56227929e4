import type { Funnel } from "../administration";
import { entityNames } from "../crm/fields";
import { leadStagesOf, type Stage, stagesOf } from "../crm/stages";
import { formatDateTime } from "../protocol/dates";
import { PortalError } from "../protocol/errors";
import { toInt, type ValueMap } from "../protocol/values";
import { mayEver, sees } from "../rights";
import type { World } from "../world";
import { denial } from "./guards";
import { legacyMap } from "./legacy";
import { type Methods, missingParameter, scoped } from "./method";
import { matching, sortBy } from "./plain-lists";

export const dictionaryMethods: Methods = scoped("crm", {
  "crm.status.list": (world, params, { userId }) => {
    if (!entityNames.some((entity) => mayEver(world, userId, "read", entity))) throw denial(world, "crm.status.list");
    const order = legacyMap(world, params, "order") ?? {};
    const statuses = listStatuses(world, legacyMap(world, params, "filter") ?? {});
    sortBy(statuses, order);
    return { result: statuses, total: statuses.length };
  },
  "crm.category.list": (world, params, { userId }) => {
    const funnels = funnelsFor(world, params).filter(({ id }) => sees(world, userId, id));
    return { result: { categories: funnels.map((funnel) => describeFunnel(funnel, params)) }, total: funnels.length };
  },
  "crm.category.get": (world, params, { userId }) => {
    const funnel = funnelsFor(world, params).find(({ id }) => id === toInt(params.id));
    if (!funnel) throw new PortalError("NOT_FOUND", world.say("elementNotFound"));
    if (!sees(world, userId, funnel.id)) throw denial(world, "crm.category.get");
    return { result: { category: describeFunnel(funnel, params) } };
  },
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

const companyStatuses: typeof otherStatuses = [
  ["COMPANY_TYPE", "CUSTOMER", "Clients"],
  ["COMPANY_TYPE", "SUPPLIER", "Suppliers"],
  ["COMPANY_TYPE", "COMPETITOR", "Competitors"],
  ["COMPANY_TYPE", "PARTNER", "Partners"],
  ["COMPANY_TYPE", "OTHER", "Other"],
  ["INDUSTRY", "IT", "Information technology"],
  ["INDUSTRY", "MANUFACTURING", "Manufacturing"],
  ["INDUSTRY", "CONSULTING", "Consulting"],
  ["INDUSTRY", "OTHER", "Other"],
  ["EMPLOYEES", "EMPLOYEES_1", "Less than 50"],
  ["EMPLOYEES", "EMPLOYEES_2", "50-250"],
  ["EMPLOYEES", "EMPLOYEES_3", "250-500"],
  ["EMPLOYEES", "EMPLOYEES_4", "Over 500"],
];

/** As the table of statuses has it; leads have no funnels. */
function describeStage({ statusId, name, sort, color, semantics }: Stage, categoryId: number | null): ValueMap {
  const ofDeals = categoryId ? `DEAL_STAGE_${categoryId}` : "DEAL_STAGE";
  return {
    ENTITY_ID: categoryId === null ? "STATUS" : ofDeals,
    STATUS_ID: statusId,
    NAME: name,
    NAME_INIT: name,
    SORT: String(sort),
    SYSTEM: "Y",
    CATEGORY_ID: categoryId ? String(categoryId) : null,
    COLOR: color,
    SEMANTICS: semantics === "P" ? null : semantics,
    EXTRA: { SEMANTICS: statusId.endsWith("APOLOGY") ? "apology" : semanticNames[semantics], COLOR: color },
  };
}

/** Stages of every funnel and the values of the other lists, in one table without pages. */
function listStatuses(world: World, filter: ValueMap): ValueMap[] {
  const stages = world.settings.funnels.flatMap(({ id: categoryId }) =>
    stagesOf(world.settings.funnels, categoryId).map((stage) => describeStage(stage, categoryId)),
  );
  const leadStages = leadStagesOf(world.settings.leadStages).map((stage) => describeStage(stage, null));
  const sources = world.settings.sources.map(({ id, name }): (typeof otherStatuses)[number] => ["SOURCE", id, name]);
  const others = [...sources, ...otherStatuses].map(describeChoice);
  const all = [...stages, ...others, ...leadStages, ...companyStatuses.map(describeChoice)].map(
    (status, index): ValueMap => ({ ID: String(101 + index), ...status }),
  );
  return matching(all, filter);
}

function describeChoice([entityId, statusId, name]: (typeof otherStatuses)[number], index: number): ValueMap {
  return {
    ENTITY_ID: entityId,
    STATUS_ID: statusId,
    NAME: name,
    NAME_INIT: name,
    SORT: String((index + 1) * 10),
    SYSTEM: "N",
    CATEGORY_ID: null,
    COLOR: null,
    SEMANTICS: null,
  };
}

function funnelsFor(world: World, params: ValueMap): Funnel[] {
  if (params.entityTypeId === undefined) throw missingParameter(world, "entityTypeId");
  const entityTypeId = toInt(params.entityTypeId);
  if (entityTypeId === 2) return world.settings.funnels;
  if (entityTypeId === 3 || entityTypeId === 4) return [{ id: 0, name: "General" }];
  if (entityTypeId === 1) throw new PortalError("ENTITY_TYPE_NOT_SUPPORTED", world.sentences.typeNotSupported("LEAD"));
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

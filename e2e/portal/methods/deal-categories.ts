import type { Funnel } from "../administration";
import { stagesOf } from "../crm/stages";
import { legacyParameter } from "../protocol/call";
import { formatDateTime } from "../protocol/dates";
import type { Reply } from "../protocol/envelope";
import { toInt, type ValueMap } from "../protocol/values";
import { sees } from "../rights";
import type { World } from "../world";
import { legacyError, legacyId, legacyMap } from "./legacy";
import { type Methods, scoped } from "./method";
import { matching, pageOf, selected, sortBy } from "./plain-lists";

/** The older methods for funnels. They keep the first one, number 0, apart: no list has it. */
export const dealCategoryMethods: Methods = scoped("crm", {
  "crm.dealcategory.list": listCategories,
  "crm.dealcategory.get": (world, params, { userId }) => {
    const id = legacyId(world, params);
    const funnel = ownFunnels(world, userId).find((one) => one.id === id);
    if (!funnel) throw legacyError(world, "notFound");
    return { result: describe(world, funnel) };
  },
  "crm.dealcategory.default.get": (world) => {
    const funnel = world.settings.funnels.find(({ id }) => id === 0);
    return { result: { ID: "0", NAME: funnel?.name ?? "" } };
  },
  "crm.dealcategory.fields": () => ({
    result: {
      ID: describeField("integer", "readOnly"),
      CREATED_DATE: describeField("datetime", "readOnly"),
      NAME: describeField("string", "required"),
      IS_LOCKED: describeField("char"),
      SORT: describeField("integer"),
    },
  }),
  "crm.dealcategory.stage.list": (world, params) => ({
    result: stagesOf(world.settings.funnels, toInt(params.id ?? params.ID)).map(({ name, sort, statusId }) => ({
      NAME: name,
      SORT: sort,
      STATUS_ID: statusId,
    })),
  }),
});

function describeField(type: string, mark?: "readOnly" | "required"): ValueMap {
  return { type, isRequired: mark === "required", isReadOnly: mark === "readOnly", isImmutable: false };
}

function ownFunnels(world: World, userId: number): Funnel[] {
  return world.settings.funnels.filter(({ id }) => id !== 0 && sees(world, userId, id));
}

/** What the portal counts as its first day is the day of each of its funnels, too. */
function describe(world: World, { id, name }: Funnel): ValueMap {
  const { users, utcOffsetMinutes } = world.settings;
  const created = formatDateTime(Date.parse(users[0]?.registered ?? "2024-01-15"), utcOffsetMinutes);
  return { ID: String(id), CREATED_DATE: created, NAME: name, IS_LOCKED: "N", SORT: String(100 + id * 100) };
}

function listCategories(world: World, params: ValueMap, { userId }: { userId: number }): Reply {
  const all = ownFunnels(world, userId).map((funnel) => describe(world, funnel));
  const found = matching(all, legacyMap(world, params, "filter") ?? {});
  sortBy(found, legacyMap(world, params, "order") ?? {});
  const { page, ...counts } = pageOf(found, legacyParameter(params, "start"));
  return { result: selected(page, legacyParameter(params, "select")), ...counts };
}

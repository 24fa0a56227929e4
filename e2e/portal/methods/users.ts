import type { PortalUser, Webhook } from "../administration";
import { prefixes } from "../crm/filter";
import { formatDate, formatDateTime } from "../protocol/dates";
import type { Reply } from "../protocol/envelope";
import { asList, asMap, toBoolean, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, scoped } from "./method";
import { condition, pageOf } from "./plain-lists";

export const userMethods: Methods = scoped("user|user_brief|user_basic", {
  "user.current": (world, _params, webhook) => {
    const user = ownerOf(world, webhook);
    return { result: user ? describe(world, user, webhook) : [] };
  },
  "user.get": listUsers,
});

export function ownerOf(world: World, webhook: Webhook): PortalUser | undefined {
  return world.settings.users.find(({ id }) => id === webhook.userId);
}

/** The widest of the webhook's scopes decides how much of a person is told. */
function describe(world: World, user: PortalUser, { scopes }: Webhook): ValueMap {
  const { utcOffsetMinutes } = world.settings;
  const isFull = scopes.includes("user");
  return {
    ID: String(user.id),
    ACTIVE: user.active,
    NAME: user.name,
    LAST_NAME: user.lastName,
    ...(isFull || scopes.includes("user_basic") ? { EMAIL: user.email } : {}),
    // A day alone, written with the present offset: its instant moves with summer time.
    DATE_REGISTER: formatDate(user.registered ?? "2024-01-15", utcOffsetMinutes),
    ...(isFull ? { LAST_LOGIN: formatDateTime(world.clock.now(), utcOffsetMinutes) } : {}),
    IS_ONLINE: "N",
    UF_DEPARTMENT: [user.department ?? 1],
  };
}

/** Pages of 50. Filters stand in `FILTER` or beside it, with the prefixes of all lists. */
function listUsers(world: World, params: ValueMap, webhook: Webhook): Reply {
  const filter: ValueMap = { ...params, ...asMap(params.FILTER ?? params.filter) };
  const tests = Object.entries(filter).flatMap(([key, value]) => conditionOn(key, value) ?? []);
  const found = world.settings.users.filter((user) => tests.every((test) => test(user)));
  const descending = toText(params.order ?? params.ORDER).toUpperCase() === "DESC";
  found.sort((left, right) => (descending ? right.id - left.id : left.id - right.id));
  const { page, ...counts } = pageOf(found, params.start);
  return { result: page.map((user) => describe(world, user, webhook)), ...counts };
}

type Test = (user: PortalUser) => boolean;

const columns: Record<string, (user: PortalUser) => string | number | boolean> = {
  ID: ({ id }) => id,
  ACTIVE: ({ active }) => active,
  NAME: ({ name }) => name,
  LAST_NAME: ({ lastName }) => lastName,
  EMAIL: ({ email }) => email,
  UF_DEPARTMENT: ({ department }) => department ?? 1,
};

/** A filter by something unknown is dropped, as in all older lists. */
function conditionOn(key: string, value: Value): Test | undefined {
  const [, operator = "", given = ""] = prefixes.exec(key) ?? [];
  const name = given.toUpperCase();
  const column = columns[name];
  if (!column) return undefined;
  const test = condition(operator, name === "ACTIVE" ? wordless(value) : value);
  return (user) => test(column(user));
}

/** Yes and no come in many words. */
function wordless(value: Value): Value {
  return typeof value === "object" && value !== null ? asList(value).map(toBoolean) : toBoolean(value);
}

import type { PortalUser, Webhook } from "../administration";
import { formatDateTime } from "../protocol/dates";
import { PortalError, systemError } from "../protocol/errors";
import { asList, asMap, toInt, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, scoped } from "./method";
import { findMethod } from "./registry";

const userScopes = "user|user_brief|user_basic";

export const serviceMethods: Methods = {
  ...scoped("", {
    profile: (world, _params, webhook) => ({ result: profile(userOf(world, webhook)) }),
    scope: (_world, params, webhook) => ({ result: params.full ? [...allScopes] : [...webhook.scopes] }),
    "server.time": (world) => ({ result: formatDateTime(world.clock.now(), world.settings.utcOffsetMinutes) }),
    "method.get": (world, params, webhook) => ({ result: methodState(world, params, webhook) }),
    "app.info": appInfo,
    // Only an application may bind events; a webhook of the portal is set up by hand.
    "event.bind": refuseWebhook,
    "event.unbind": refuseWebhook,
    "event.get": refuseWebhook,
    "event.offline.get": refuseWebhook,
  }),
  ...scoped(userScopes, {
    "user.current": (world, _params, webhook) => {
      const user = userOf(world, webhook);
      return { result: user ? describe(world, user) : [] };
    },
    "user.get": (world, params) => {
      const users = findUsers(world, params);
      return { result: users.map((user) => describe(world, user)), total: users.length };
    },
  }),
};

const allScopes = ["crm", "catalog", "user", "user_brief", "user_basic", "task", "im", "disk", "telephony"] as const;

function userOf(world: World, webhook: Webhook): PortalUser | undefined {
  return world.settings.users.find(({ id }) => id === webhook.userId);
}

function profile(user: PortalUser | undefined): Value {
  if (!user) return [];
  return {
    ID: String(user.id),
    ADMIN: user.admin,
    NAME: user.name,
    LAST_NAME: user.lastName,
    PERSONAL_GENDER: "",
    TIME_ZONE: "",
  };
}

function describe(world: World, user: PortalUser): ValueMap {
  const seen = formatDateTime(world.clock.now(), world.settings.utcOffsetMinutes);
  return {
    ID: String(user.id),
    ACTIVE: user.active,
    NAME: user.name,
    LAST_NAME: user.lastName,
    EMAIL: user.email,
    DATE_REGISTER: formatDateTime(Date.parse(user.registered ?? "2024-01-15"), world.settings.utcOffsetMinutes),
    LAST_LOGIN: seen,
    IS_ONLINE: "N",
    UF_DEPARTMENT: [1],
  };
}

/** Filters stand in `FILTER` or beside it; of theirs the ones by id and activity are known. */
function findUsers(world: World, params: ValueMap): PortalUser[] {
  const filter = { ...params, ...asMap(params.FILTER ?? params.filter) };
  const wanted = filter.ID ?? filter.id;
  const ids = wanted === undefined ? undefined : (typeof wanted === "object" ? asList(wanted) : [wanted]).map(toInt);
  const active = filter.ACTIVE ?? filter.active;
  const isActive = active === true || active === 1 || ["1", "Y", "true"].includes(toText(active));
  return world.settings.users.filter(
    (user) => (!ids || ids.includes(user.id)) && (active === undefined || user.active === isActive),
  );
}

function methodState(world: World, params: ValueMap, webhook: Webhook): Value {
  const name = toText(params.name).toLowerCase();
  const method = findMethod(world, name);
  const isAvailable = method
    ? method.scope === "" || method.scope.split("|").some((scope) => webhook.scopes.includes(scope))
    : name === "batch";
  return { isExisting: method !== undefined || name === "batch", isAvailable };
}

function appInfo(world: World, _params: ValueMap, webhook: Webhook) {
  const { switches } = world.settings;
  if (switches.appInfo === "answered") return { result: { SCOPE: [...webhook.scopes], LICENSE: "ru_basic" } };
  throw new PortalError("ACCESS_DENIED", world.say("appContext"), switches.statuses === "current" ? 403 : 400);
}

function refuseWebhook(world: World): never {
  throw systemError("wrongAuthType", world.settings);
}

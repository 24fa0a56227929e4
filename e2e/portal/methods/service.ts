import type { PortalUser, Webhook } from "../administration";
import { formatDateTime } from "../protocol/dates";
import { PortalError, systemError } from "../protocol/errors";
import { toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Method, type Methods, scoped } from "./method";
import { ownerOf } from "./users";

/** Finds a method that the portal knows by that name. */
type FindMethod = (world: World, name: string) => Method | undefined;

/** `find` is handed in: the registry holds these methods as well. */
export const makeServiceMethods = (find: FindMethod): Methods => ({
  ...scoped("", {
    profile: (world, _params, webhook) => ({ result: profile(ownerOf(world, webhook)) }),
    scope: (_world, params, webhook) => ({ result: params.full ? [...allScopes] : [...webhook.scopes] }),
    "server.time": (world) => ({ result: formatDateTime(world.clock.now(), world.settings.utcOffsetMinutes) }),
    "method.get": (world, params, webhook) => ({
      result: methodState(find(world, toText(params.name).toLowerCase()), params, webhook),
    }),
    "app.info": appInfo,
    // Only an application may bind events; a webhook of the portal is set up by hand.
    "event.bind": refuseWebhook,
    "event.unbind": refuseWebhook,
    "event.get": refuseWebhook,
    "event.offline.get": refuseWebhook,
  }),
});

const allScopes = ["crm", "catalog", "user", "user_brief", "user_basic", "task", "im", "disk", "telephony"] as const;

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

function methodState(method: Method | undefined, params: ValueMap, webhook: Webhook): Value {
  const isBatch = toText(params.name).toLowerCase() === "batch";
  const isAvailable = method
    ? method.scope === "" || method.scope.split("|").some((scope) => webhook.scopes.includes(scope))
    : isBatch;
  return { isExisting: method !== undefined || isBatch, isAvailable };
}

function appInfo(world: World, _params: ValueMap, webhook: Webhook) {
  const { switches } = world.settings;
  if (switches.appInfo === "answered") return { result: { SCOPE: [...webhook.scopes], LICENSE: "ru_basic" } };
  throw new PortalError("ACCESS_DENIED", world.say("appContext"), switches.statuses === "current" ? 403 : 400);
}

function refuseWebhook(world: World): never {
  throw systemError("wrongAuthType", world.settings);
}

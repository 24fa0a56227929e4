import type { PortalUser, Webhook } from "../administration";
import { formatDateTime } from "../protocol/dates";
import { PortalError, systemError } from "../protocol/errors";
import { toBoolean, toText, type Value, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { isOpenTo, type Method, type Methods, scoped } from "./method";
import { ownerOf } from "./users";

/** Finds a method that the portal knows by that name. */
type FindMethod = (world: World, name: string) => Method | undefined;
/** The methods that the portal knows, by name. */
type AllMethods = (world: World) => [string, Method][];

/** Both are handed in: the registry holds these methods as well. */
export const makeServiceMethods = (find: FindMethod, all: AllMethods): Methods => ({
  ...scoped("", {
    profile: (world, _params, webhook) => ({ result: profile(ownerOf(world, webhook)) }),
    scope: (_world, params, webhook) => ({ result: toBoolean(params.full) ? [...allScopes] : [...webhook.scopes] }),
    "server.time": (world) => ({ result: formatDateTime(world.clock.now(), world.settings.utcOffsetMinutes) }),
    "method.get": (world, params, webhook) => ({
      result: methodState(find(world, toText(params.name).toLowerCase()), params, webhook),
    }),
    methods: (world, params, webhook) => ({ result: methodNames(all(world), params, webhook) }),
    "app.info": appInfo,
    // Only an application may bind events; a webhook of the portal is set up by hand.
    "event.bind": refuseWebhook,
    "event.unbind": refuseWebhook,
    "event.get": refuseWebhook,
    "event.offline.get": refuseWebhook,
    "event.offline.list": refuseWebhook,
    "event.offline.clear": refuseWebhook,
    "event.offline.error": refuseWebhook,
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

/** Of one scope, where it is named (empty: what needs none); of all scopes, or of the webhook's. */
function methodNames(all: [string, Method][], params: ValueMap, webhook: Webhook): string[] {
  const scope = params.scope === undefined ? undefined : toText(params.scope);
  const isAsked = (method: Method) => {
    if (scope !== undefined) return method.scope.split("|").includes(scope);
    return toBoolean(params.full) || isOpenTo(webhook, method);
  };
  const common = scope ? [] : ["batch"];
  return [...common, ...all.filter(([, method]) => isAsked(method)).map(([name]) => name)];
}

function methodState(method: Method | undefined, params: ValueMap, webhook: Webhook): Value {
  const isBatch = toText(params.name).toLowerCase() === "batch";
  const isAvailable = method ? isOpenTo(webhook, method) : isBatch;
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

import type { Reply } from "../protocol/envelope";
import { PortalError } from "../protocol/errors";
import { toInt, toText, type ValueMap } from "../protocol/values";
import type { World } from "../world";
import { type Methods, scoped } from "./method";

/** Messages to people of the portal. The older method says by a parameter which of the two newer ones it stands for. */
export const notificationMethods: Methods = scoped("im", {
  "im.notify": (world, params) => notify(world, params, toText(params.TYPE) === "SYSTEM" ? "system" : "personal"),
  "im.notify.personal.add": (world, params) => notify(world, params, "personal"),
  "im.notify.system.add": (world, params) => notify(world, params, "system"),
  "im.notify.delete": (world, params) => remove(world, params),
});

/** A program that calls by a webhook names itself: without its name a tag does not count. */
const tagOf = ({ CLIENT_ID, TAG }: ValueMap): string =>
  toText(CLIENT_ID) && toText(TAG) ? `${toText(CLIENT_ID)}|${toText(TAG)}` : "";

/** A tag stands for one notification: a new one of the same tag takes the place of the old. To nobody it is not sent. */
function notify(world: World, params: ValueMap, kind: "personal" | "system"): Reply {
  const userId = toInt(params.USER_ID);
  if (userId <= 0) throw new PortalError("USER_ID_EMPTY", "User ID can't be empty");
  const message = toText(params.MESSAGE).trim();
  if (message === "") throw new PortalError("MESSAGE_EMPTY", "Message can't be empty");
  if (!world.settings.users.some(({ id, active }) => id === userId && active)) return { result: false };
  const tag = tagOf(params);
  deleteTagged(world, tag);
  const id = world.nextId("notification");
  world.notifications.set(id, { id, userId, kind, message, tag, createdTime: world.clock.stamp() });
  world.version++;
  return { result: id, changed: true };
}

function deleteTagged(world: World, tag: string): boolean {
  const tagged = [...world.notifications.values()].filter((one) => tag !== "" && one.tag === tag);
  for (const { id } of tagged) world.notifications.delete(id);
  if (tagged.length > 0) world.version++;
  return tagged.length > 0;
}

function remove(world: World, params: ValueMap): Reply {
  if (toText(params.CLIENT_ID) === "") throw new PortalError("ACCESS_DENIED", "Access denied! Client ID not specified");
  const id = toInt(params.ID);
  if (id <= 0 && toText(params.TAG) === "") throw new PortalError("PARAMS_ERROR", "Incorrect params");
  const removed = id > 0 ? world.notifications.delete(id) : deleteTagged(world, tagOf(params));
  if (removed) world.version++;
  return { result: removed, changed: removed };
}

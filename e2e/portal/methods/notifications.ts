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
});

/** A tag stands for one notification: a new one of the same tag takes the place of the old. To nobody it is not sent. */
function notify(world: World, params: ValueMap, kind: "personal" | "system"): Reply {
  const userId = toInt(params.USER_ID);
  if (userId <= 0) throw new PortalError("USER_ID_EMPTY", "User ID can't be empty");
  const message = toText(params.MESSAGE).trim();
  if (message === "") throw new PortalError("MESSAGE_EMPTY", "Message can't be empty");
  if (!world.settings.users.some(({ id, active }) => id === userId && active)) return { result: false };
  const tag = toText(params.TAG);
  for (const [id, one] of world.notifications) {
    if (tag !== "" && one.tag === tag && one.userId === userId) world.notifications.delete(id);
  }
  const id = world.nextId("notification");
  world.notifications.set(id, { id, userId, kind, message, tag, createdTime: world.clock.stamp() });
  world.version++;
  return { result: id, changed: true };
}

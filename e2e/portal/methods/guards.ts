import type { EntityName } from "../crm/fields";
import type { CrmRecord } from "../crm/records";
import { PortalError } from "../protocol/errors";
import { type Action, mayDo, mayEver } from "../rights";
import type { World } from "../world";

type Family = "legacy" | "universal";

const noCatalog = 200040300010;

/** The newer family has a code for it, the older one only words. */
function refusal(world: World, family: Family, action: Action): PortalError {
  if (family === "legacy") return new PortalError("", world.say("accessDenied"));
  return new PortalError("ACCESS_DENIED", world.say(action === "read" ? "mayNotSee" : "accessDenied"));
}

/** @throws PortalError unless the user may do this to this record */
export function guard<Stored extends CrmRecord>(
  world: World,
  userId: number,
  action: Action,
  entity: EntityName,
  record: Stored,
  family: Family = "universal",
): Stored {
  if (!mayDo(world, userId, action, entity, record)) throw refusal(world, family, action);
  return record;
}

/** @throws PortalError if the user may do this to no record at all */
export function guardKind(
  world: World,
  userId: number,
  action: Action,
  entity: EntityName,
  family: Family = "universal",
): void {
  if (!mayEver(world, userId, action, entity)) throw refusal(world, family, action);
}

/** How a method that is closed to the user altogether says so. */
export function denial(world: World, method: string): PortalError {
  const words = world.say("accessDenied");
  if (method.startsWith("catalog.")) return new PortalError(noCatalog, "Access Denied");
  if (method.startsWith("crm.duplicate.")) {
    const code = world.settings.switches.duplicateErrors === "textAsCode" ? words : "";
    return new PortalError(code, words, 403);
  }
  if (/^crm\.(item|category|timeline)\./.test(method)) return new PortalError("ACCESS_DENIED", words);
  return method.startsWith("crm.") ? new PortalError("", words) : new PortalError("ACCESS_DENIED", words, 403);
}

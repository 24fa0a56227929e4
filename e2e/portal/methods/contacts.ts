import { PortalError } from "../protocol/errors";
import { legacyError } from "./legacy";
import type { Methods } from "./method";
import { recordMethods } from "./records";

export const contactMethods: Methods = recordMethods("contact", {
  check: (world, { name, lastName }) => {
    if (!name && !lastName) throw legacyError(world, "nameRequired");
  },
  noneToUpdate: (world) => legacyError(world, "contactNotFound"),
  noneToDelete: (world) => new PortalError("ERROR_CORE", world.say("elementNotFound")),
});

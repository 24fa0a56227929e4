import { legacyError } from "./legacy";
import type { Methods } from "./method";
import { recordMethods } from "./records";

export const companyMethods: Methods = recordMethods("company", {
  noneToUpdate: (world) => legacyError(world, "companyNotFound"),
  noneToDelete: (world) => legacyError(world, "companyNotFound"),
});

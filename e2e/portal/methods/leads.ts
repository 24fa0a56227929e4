import { type Methods, scoped } from "./method";
import { recordMethods } from "./records";

const classicMode = 1;

export const leadMethods: Methods = {
  ...recordMethods("lead"),
  // In the other mode there are no leads: each is made a deal at once.
  ...scoped("crm", { "crm.settings.mode.get": () => ({ result: classicMode }) }),
};

import type { Methods } from "./method";
import { recordMethods } from "./records";

export const leadMethods: Methods = recordMethods("lead");

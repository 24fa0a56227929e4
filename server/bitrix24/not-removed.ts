import { updateMethod } from "./progress";
import { Bitrix24Error } from "./transport/error";

export const notRemovedCode = "NOT_REMOVED";

/** The portal has accepted each change, and what should be gone still stands there. */
export const notRemoved = (): Bitrix24Error =>
  new Bitrix24Error({ code: notRemovedCode, kind: "refused", applied: "no", method: updateMethod });

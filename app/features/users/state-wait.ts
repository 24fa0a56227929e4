import type { PageWait } from "~/page/page-meta";
import type { UserView } from "~server/users/users";

/**
 * How a page that shows this state waits for another one. A failed registration is on its way again once an administrator
 * sends it, perhaps in days.
 */
export const stateWait = (state: UserView["crmState"] | undefined): PageWait => {
  if (state === undefined || state === "synced") return false;
  return state === "pending" ? true : "long";
};

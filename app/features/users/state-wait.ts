import type { PageWait } from "~/page/page-meta";
import type { UserView } from "~server/users/users";

type Standing = Pick<UserView, "crmState" | "holds">;

/** Whether something keeps the registration from being sent. */
export const isHeld = ({ crmState, holds }: Standing): boolean => crmState === "pending" && holds.length > 0;

/**
 * How a page that shows this registration waits for another state. A failed one is on its way again once an administrator
 * sends it, a held one once a person confirms, agrees or releases it: perhaps in days.
 */
export const stateWait = (user: Standing | undefined): PageWait => {
  if (!user || user.crmState === "synced") return false;
  return user.crmState === "pending" && !isHeld(user) ? true : "long";
};

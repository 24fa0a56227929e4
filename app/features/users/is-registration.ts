import type { UserView } from "~server/users/users";

/** Whether this person has registered: an administrator created on the command line is marked as synced, without a deal. */
export const isRegistration = ({ crmState, bitrix24DealId }: Pick<UserView, "crmState" | "bitrix24DealId">): boolean =>
  crmState !== "synced" || bitrix24DealId !== null;

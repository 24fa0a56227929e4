import { contactType, dealType } from "../bitrix24/fields";

/** What a reconciliation compares, one after the other: each with its number on the portal and the column of its ids here. */
export const phases = {
  deals: { entityTypeId: dealType, column: "bitrix24DealId" },
  contacts: { entityTypeId: contactType, column: "bitrix24ContactId" },
} as const;

export type Phase = keyof typeof phases;

import { isYes } from "./yes-no";

/** A deal, as far as it tells of the portal's recurring deals. */
export interface Recurring {
  /** Yes: a template, from which the portal makes deals at intervals. */
  isRecurring?: string | undefined;
}

/** Whether a deal is such a template: a copy that a manager has made, whatever external id it bears. */
export const isTemplate = ({ isRecurring }: Recurring): boolean => isYes(isRecurring);

import type { Logger } from "../platform/log";
import type { CrmSettings } from "./crm-settings";
import { placeRules } from "./mapped-fields";
import type { ProductInfo } from "./product-info";
import type { FieldDescriptions } from "./sent-fields";
import type { Making } from "./tasks";

/** Whether the settings name fields of the portal, so that its descriptions have to be read. */
export const namesFields = ({ fieldRules }: CrmSettings): boolean => fieldRules.length > 0;

/** What a run, or a preview, makes contacts and deals with. `described`: null if the portal does not tell its fields. */
export const makingOf = (
  settings: CrmSettings,
  {
    described,
    ...made
  }: { product: ProductInfo; originatorId: string; described: FieldDescriptions | null; log: Logger },
): Making => ({
  ...made,
  settings,
  rules: placeRules(settings.fieldRules, described, { zone: settings.zone, log: made.log }),
});

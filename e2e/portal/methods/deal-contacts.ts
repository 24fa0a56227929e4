import { updateDeal } from "../crm/deals";
import type { Deal } from "../crm/records";
import { linkMethods } from "./links";
import type { Methods } from "./method";

export const dealContactMethods: Methods = linkMethods({
  owner: "deal",
  linked: "contact",
  idsOf: (deal) => (deal as Deal).contactIds,
  save: (world, deal, contactIds, by) => updateDeal(world, deal as Deal, { contactIds }, by, false).changed,
});

import { syncDeals } from "../deal-sync/sync-deals";
import { correctionsAtOnce, correctOnPortal } from "../privacy/corrections/correct-portal";
import { eraseOnPortal, erasuresAtOnce } from "../privacy/portal-erasure";

/** One request reads this many deals. */
const dealsAtOnce = 100;

/** What the worker does in each round after registrations, in this order. */
export const followUps = [
  { queue: "crm-payment", atOnce: dealsAtOnce, sync: syncDeals },
  { queue: "crm-correction", atOnce: correctionsAtOnce, sync: correctOnPortal },
  { queue: "crm-erasure", atOnce: erasuresAtOnce, sync: eraseOnPortal },
] as const;

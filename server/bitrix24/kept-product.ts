import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./fields";
import { type ProductFacts, sellable } from "./product";
import type { ProductInfo } from "./product-info";

/** A changed price on the portal is used for new deals within this time. */
const freshMs = 10 * 60_000;

/** Only these settings decide which product is read and at which price it is sold. */
const askedBy = ({ productId, priceUsd }: CrmSettings): string => `${productId}:${priceUsd ?? ""}`;

/** The product of the deals, for ten minutes, and until the settings name another product or price. */
export class KeptProduct {
  #known: { info: ProductInfo; until: number; asked: string } | undefined;

  /** Undefined if it is to be read again. */
  lately(settings: CrmSettings): ProductInfo | undefined {
    const known = this.#known;
    return known && known.until > elapsedMs() && known.asked === askedBy(settings) ? known.info : undefined;
  }

  /** Keeps what was just read; a product that cannot be sold is not kept. */
  keep(settings: CrmSettings, facts: ProductFacts): ProductFacts {
    const kept = { until: elapsedMs() + freshMs, asked: askedBy(settings) };
    this.#known = facts.priceUsd === undefined ? undefined : { info: sellable(facts), ...kept };
    return facts;
  }
}

import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./crm-settings";
import { type ProductFacts, sellable } from "./product";
import type { ProductInfo } from "./product-info";

/** A changed price on the portal is used for new deals within this time. */
const freshMs = 10 * 60_000;

/** Only these settings decide which product is read and at which price it is sold. */
const askedBy = ({ productId, priceUsd }: CrmSettings): string => `${productId}:${priceUsd ?? ""}`;

/** The products of the deals, each for ten minutes. */
export class KeptProduct {
  readonly #known = new Map<string, { info: ProductInfo; until: number }>();

  /** Undefined if it is to be read again. */
  lately(settings: CrmSettings): ProductInfo | undefined {
    const known = this.#known.get(askedBy(settings));
    return known && known.until > elapsedMs() ? known.info : undefined;
  }

  /** Keeps what was just read; a product that cannot be sold is not kept. */
  keep(settings: CrmSettings, facts: ProductFacts): ProductFacts {
    const asked = askedBy(settings);
    if (facts.priceUsd === undefined) this.#known.delete(asked);
    else this.#known.set(asked, { info: sellable(facts), until: elapsedMs() + freshMs });
    return facts;
  }

  /** One of the settings for each product and price. */
  distinct(all: CrmSettings[]): CrmSettings[] {
    const asked = all.map(askedBy);
    return all.filter((settings, place) => asked.indexOf(askedBy(settings)) === place);
  }
}

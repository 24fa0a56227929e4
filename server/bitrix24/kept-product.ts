import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./fields";
import { fetchProductFacts, type ProductFacts, sellable } from "./product";
import type { ProductInfo } from "./product-info";
import type { Outcome } from "./transport/batch";
import type { Bitrix24Client } from "./transport/client";

/** A changed price on the portal is used for new deals within this time. */
const freshMs = 10 * 60_000;

/** Only these settings decide which product is read and at which price it is sold. */
const askedBy = ({ productId, priceUsd }: CrmSettings): string => `${productId}:${priceUsd ?? ""}`;

/** The product of the deals. Read again after ten minutes, and when the settings name another product or price. */
export class KeptProduct {
  readonly #client: Bitrix24Client;
  #known: { info: ProductInfo; until: number; asked: string } | undefined;

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /** Throws Bitrix24Error, see fetchProductFacts. */
  async info(settings: CrmSettings): Promise<ProductInfo> {
    const known = this.#known;
    if (known && known.until > elapsedMs() && known.asked === askedBy(settings)) return known.info;
    return sellable(await this.facts(settings));
  }

  /** Reads the portal, even about a product that cannot be sold. Throws Bitrix24Error, see fetchProductFacts. */
  async facts(settings: CrmSettings, answers?: Outcome<unknown>[]): Promise<ProductFacts> {
    const facts = await fetchProductFacts(this.#client, settings, answers);
    const kept = { until: elapsedMs() + freshMs, asked: askedBy(settings) };
    this.#known = facts.priceUsd === undefined ? undefined : { info: sellable(facts), ...kept };
    return facts;
  }
}

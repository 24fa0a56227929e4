import { elapsedMs } from "../platform/elapsed";
import type { CrmSettings } from "./crm-settings";
import { fetchProductFacts, type ProductFacts, sellable } from "./product";
import type { ProductInfo } from "./product-info";
import type { Outcome } from "./transport/batch";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

/** A changed price on the portal is used for new deals within this time. */
const freshMs = 10 * 60_000;

/** Only these settings decide which product is read and at which price it is sold. */
const askedBy = ({ productId, priceUsd }: CrmSettings): string => `${productId}:${priceUsd ?? ""}`;

/** What all processes know of the products. */
export interface ProductNews {
  /** Is told what the portal says about a product; null: it has none of this number. Does not reject. */
  tell(id: number, facts: ProductFacts | null): Promise<void>;
  /** Whether another process has read otherwise since then. */
  isOutdated(facts: ProductFacts, readAt: Date): boolean;
}

const noNews: ProductNews = { tell: async () => {}, isOutdated: () => false };

/**
 * The products of the deals, each for ten minutes, or until another process has read otherwise: the registration page shows
 * the newest price that any process knows, and the next deal must not be made with an older one.
 */
export class KeptProduct {
  readonly #known = new Map<string, { facts: ProductFacts; readAt: Date; until: number }>();

  constructor(
    readonly client: Bitrix24Client,
    readonly news: ProductNews = noNews,
  ) {}

  /** Undefined if it is to be read again. */
  lately(settings: CrmSettings): ProductInfo | undefined {
    const known = this.#known.get(askedBy(settings));
    if (!known || known.until <= elapsedMs() || this.news.isOutdated(known.facts, known.readAt)) return undefined;
    return sellable(known.facts);
  }

  /** Keeps what was just read; a product that cannot be sold is not kept. */
  async keep(settings: CrmSettings, facts: ProductFacts): Promise<ProductFacts> {
    const asked = askedBy(settings);
    if (facts.priceUsd === undefined) this.#known.delete(asked);
    else this.#known.set(asked, { facts, readAt: new Date(), until: elapsedMs() + freshMs });
    await this.news.tell(settings.productId, facts);
    return facts;
  }

  /**
   * The product as the portal has it now, even one that cannot be sold; from the answers to productQuestions if they are
   * there. Throws Bitrix24Error, see fetchProductFacts.
   */
  async read(settings: CrmSettings, answers?: Outcome<unknown>[]): Promise<ProductFacts> {
    try {
      return await this.keep(settings, await fetchProductFacts(this.client, settings, answers));
    } catch (error) {
      if (error instanceof Bitrix24Error && error.code === "PRODUCT_NOT_FOUND")
        await this.news.tell(settings.productId, null);
      throw error;
    }
  }

  /** One of the settings for each product and price. */
  distinct(all: CrmSettings[]): CrmSettings[] {
    const asked = all.map(askedBy);
    return all.filter((settings, place) => asked.indexOf(askedBy(settings)) === place);
  }
}

import type { Services } from "../services";
import { envOfForm } from "./form-env";
import { firstFormId } from "./forms";
import { isCharged } from "./products";

type Deps = Pick<Services, "env" | "forms">;

/**
 * The numbers of products whose deals are made without an amount, because the portal's own price is 0 and no setting says
 * another. A product may be free, but a price that was never filled in, or was lost, reads the same: an owner who gives
 * something away says so by the setting. As the portal told it last; the forms that are closed sell nothing.
 */
export const unpricedProducts = (deps: Deps): number[] =>
  withoutOwnPrice(deps, (own) => own !== null && !isCharged(own));

/**
 * The numbers of products whose price is that of the portal, which does not tell it: the product was removed, or costs
 * another currency, or was not asked for yet. Whether their deals have an amount is not known.
 */
export const unknownPrices = (deps: Deps): number[] => withoutOwnPrice(deps, (own) => own === null);

/** Products that are sold, by the portal's price since no setting says another; `own`: that price, null where it is not known. */
function withoutOwnPrice({ env, forms }: Deps, isMeant: (own: number | null) => boolean): number[] {
  const found = forms.all().flatMap(({ id, isClosed, definition }) => {
    // People who are imported get the first form's product, also while it is closed.
    if (isClosed && id !== firstFormId) return [];
    const { BITRIX24_PRODUCT_ID: productId, BITRIX24_PRICE_USD: price } = envOfForm(env, definition.settings);
    return price === undefined && isMeant(forms.product(productId)?.priceUsd ?? null) ? [productId] : [];
  });
  return [...new Set(found)];
}

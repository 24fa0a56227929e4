import type { Services } from "../services";
import { envOfForm } from "./form-env";
import { firstFormId } from "./forms";
import { isCharged } from "./products";

/**
 * The numbers of products whose deals are made without an amount, because the portal's own price is 0 and no setting says
 * another. A product may be free, but a price that was never filled in, or was lost, reads the same: an owner who gives
 * something away says so by the setting. As the portal told it last; the forms that are closed sell nothing.
 */
export function unpricedProducts({ env, forms }: Pick<Services, "env" | "forms">): number[] {
  const unpriced = forms.all().flatMap(({ id, isClosed, definition }) => {
    // People who are imported get the first form's product, also while it is closed.
    if (isClosed && id !== firstFormId) return [];
    const { BITRIX24_PRODUCT_ID: productId, BITRIX24_PRICE_USD: price } = envOfForm(env, definition.settings);
    const own = price === undefined ? forms.product(productId)?.priceUsd : undefined;
    return own !== undefined && own !== null && !isCharged(own) ? [productId] : [];
  });
  return [...new Set(unpriced)];
}

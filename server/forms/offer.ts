import type { Services } from "../services";
import { envOfForm } from "./form-env";
import type { Form } from "./forms";

/** What one registers for by a form, and what it costs. */
export interface Offer {
  name: string;
  priceUsd: number;
}

/**
 * Through a night or a weekend without the portal its last answer stays right to show. After a week without one nobody
 * knows what the portal's product costs now, and no price is better than a wrong one.
 */
const rightForMs = 7 * 86_400_000;

/**
 * Null if it is switched off, or if the name or the price is not known: half of it would only raise questions. The price
 * is the one that the next deal is made with.
 */
export function offerOf({ env, forms }: Pick<Services, "env" | "forms">, { definition }: Form): Offer | null {
  const own = envOfForm(env, definition.settings);
  const told = forms.product(own.BITRIX24_PRODUCT_ID);
  const priceUsd = own.BITRIX24_PRICE_USD ?? told?.priceUsd ?? undefined;
  if (own.SHOW_PRICE === "off" || !told?.name || priceUsd === undefined) return null;
  return told.readAt && Date.now() - told.readAt.getTime() < rightForMs ? { name: told.name, priceUsd } : null;
}

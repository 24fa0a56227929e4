import type { Env } from "../platform/env";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import { envOfForm } from "./form-env";
import type { Form } from "./forms";
import { isCharged, type ToldProduct } from "./products";

/** What one registers for by a form, and what it costs. */
export interface Offer {
  name: string;
  priceUsd: number;
}

/**
 * The portal's last answer is shown through a night or a weekend without the portal. After a week the product may cost
 * something else, and no price is better than a wrong one.
 */
const rightForMs = 7 * dayMs;

/**
 * Null if it is switched off, or if the name or the price is not known: half of it would only raise questions. The price
 * is the one that the next deal is made with, as far as any process knows it: KeptProduct reads again what the portal has
 * told otherwise.
 */
export function offerOf({ env, forms }: Pick<Services, "env" | "forms">, { definition }: Form): Offer | null {
  const own = envOfForm(env, definition.settings);
  const told = forms.product(own.BITRIX24_PRODUCT_ID);
  const priceUsd = own.BITRIX24_PRICE_USD ?? chargeable(told);
  if (own.SHOW_PRICE === "off" || !told?.name || priceUsd === undefined) return null;
  return told.readAt && Date.now() - told.readAt.getTime() < rightForMs ? { name: told.name, priceUsd } : null;
}

/** Whether the owner has set that one pays nothing by this form. */
export const isFree = (env: Env, { definition }: Form): boolean =>
  envOfForm(env, definition.settings).BITRIX24_PRICE_USD === 0;

/** A price on the portal that was never filled in reads as 0: only the owner's own setting may call a product free. */
const chargeable = (told: ToldProduct | undefined): number | undefined =>
  told?.priceUsd && isCharged(told.priceUsd) ? told.priceUsd : undefined;

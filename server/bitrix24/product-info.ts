import { z } from "zod";

const stored = z.object({ id: z.number().int(), name: z.string(), priceUsd: z.number() });

/** The product of a deal that was sent before; null if none was stored. */
export const sentProduct = (value: unknown): ProductInfo | null => stored.safeParse(value).data ?? null;

/** What a deal sells. */
export interface ProductInfo {
  id: number;
  name: string;
  /** US dollars, two decimals. */
  priceUsd: number;
}

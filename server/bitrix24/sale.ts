import { z } from "zod";

/** One product row of a deal: product (null for free text), price of one, quantity. Null: the portal does not say. */
export interface SoldRow {
  productId: number | null;
  price: number | null;
  quantity: number | null;
}

/** What a deal sells on the portal now. */
export interface Sale {
  currency: string;
  /** The deal's amount. Null where it was not known. */
  amount: number | null;
  rows: SoldRow[];
}

/** What stood on a deal when its registration was through, or when an administrator said that the deal is the person's. */
export interface SettledSale extends Sale {
  dealId: number;
  /** An administrator chose the deal: it was not made here, need not bear our mark, and is never deleted from here. */
  chosen?: true | undefined;
}

const stored = z.object({
  dealId: z.number(),
  chosen: z.literal(true).optional(),
  currency: z.string(),
  amount: z.number().nullable(),
  rows: z.array(
    z.object({ productId: z.number().nullable(), price: z.number().nullable(), quantity: z.number().nullable() }),
  ),
});

/** A stored one, of this deal; null for another deal's, and for what cannot be read. */
export function settledSale(value: unknown, dealId: number | null): SettledSale | null {
  const { data } = stored.safeParse(value);
  return data?.dealId === dealId ? data : null;
}

type Figure = number | null;

/** By the cent, since the portal tells amounts as texts and as numbers. A figure that it does not tell contradicts none. */
const agree = (a: Figure, b: Figure): boolean =>
  a === null || b === null || Math.round(a * 100) === Math.round(b * 100);

const sameRow = (a: SoldRow, b: SoldRow): boolean =>
  a.productId === b.productId && agree(a.price, b.price) && agree(a.quantity, b.quantity);

/**
 * Whether a deal still sells what it sold when its registration was through. More products beside that are no contradiction,
 * and nor is the amount that follows from them.
 */
export function stillSells(now: Sale, settled: Sale): boolean {
  const left = [...now.rows];
  for (const row of settled.rows) {
    const place = left.findIndex((each) => sameRow(each, row));
    if (place < 0) return false;
    left.splice(place, 1);
  }
  if (now.currency !== settled.currency) return false;
  return left.length > 0 || agree(now.amount, settled.amount);
}

/** For deals of before what they sold was kept: US dollars, and one of the product. */
export const sellsProduct = (now: Sale, productId: number): boolean =>
  now.currency === "USD" && now.rows.some((row) => row.productId === productId && row.quantity === 1);

export const sameSale = (a: Sale, b: Sale): boolean =>
  a.rows.length === b.rows.length && stillSells(a, b) && stillSells(b, a);

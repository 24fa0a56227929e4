import { z } from "zod";

/**
 * One product row of a deal: product (null for free text), unit price, quantity. Null: the portal does not return the
 * value.
 */
export interface SoldRow {
  productId: number | null;
  price: number | null;
  quantity: number | null;
}

/** What a deal sells on the portal now. */
export interface Sale {
  currency: string;
  /** The deal's amount; null if it was not known. */
  amount: number | null;
  rows: SoldRow[];
}

/** What a deal sold when its registration was completed, or when an administrator chose the deal for the person. */
export interface SettledSale extends Sale {
  dealId: number;
  /**
   * An administrator chose the deal: it was not created here, need not have our external id, and is never deleted from
   * here.
   */
  chosen?: true | undefined;
}

const told = z.object({
  currency: z.string(),
  amount: z.number().nullable(),
  rows: z.array(
    z.object({ productId: z.number().nullable(), price: z.number().nullable(), quantity: z.number().nullable() }),
  ),
});

const stored = told.extend({ dealId: z.number(), chosen: z.literal(true).optional() });

/** Parses what a deal sold, as a page sends it back in JSON; null if it is unreadable. */
export function parseSale(text: string): Sale | null {
  try {
    return told.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Parses a stored sale of this deal; null for a sale of another deal and for an unreadable one. */
export function settledSale(value: unknown, dealId: number | null): SettledSale | null {
  const { data } = stored.safeParse(value);
  return data?.dealId === dealId ? data : null;
}

type Figure = number | null;

/** Compared in cents, since the portal returns amounts as texts and as numbers. A missing value counts as equal. */
const agree = (a: Figure, b: Figure): boolean =>
  a === null || b === null || Math.round(a * 100) === Math.round(b * 100);

/** A currency that the portal does not tell counts as equal, as other missing values do. */
const sameCurrency = (a: string, b: string): boolean => a === "" || b === "" || a === b;

export const sameRow = (a: SoldRow, b: SoldRow): boolean =>
  a.productId === b.productId && agree(a.price, b.price) && agree(a.quantity, b.quantity);

/**
 * Whether a deal still sells what it sold when its registration was completed. Additional products are no
 * contradiction, nor is the amount that results from them.
 */
export function stillSells(now: Sale, settled: Sale): boolean {
  const left = [...now.rows];
  for (const row of settled.rows) {
    const place = left.findIndex((each) => sameRow(each, row));
    if (place < 0) return false;
    left.splice(place, 1);
  }
  if (!sameCurrency(now.currency, settled.currency)) return false;
  return left.length > 0 || agree(now.amount, settled.amount);
}

export const isInUsd = ({ currency }: Pick<Sale, "currency">): boolean => sameCurrency(currency, "USD");

/** For deals from before their sale was stored: US dollars, and one of the product. */
export const sellsProduct = (now: Sale, productId: number): boolean =>
  isInUsd(now) && now.rows.some((row) => row.productId === productId && row.quantity === 1);

export const sameSale = (a: Sale, b: Sale): boolean =>
  a.rows.length === b.rows.length && stillSells(a, b) && stillSells(b, a);

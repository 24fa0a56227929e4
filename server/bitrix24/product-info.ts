/** What a deal sells. */
export interface ProductInfo {
  id: number;
  name: string;
  /** US dollars, two decimals. */
  priceUsd: number;
}

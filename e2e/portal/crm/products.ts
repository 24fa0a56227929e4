import type { Price, Product } from "../administration";
import type { World } from "../world";
import { isKept } from "./unknown-values";

type Kind = NonNullable<Product["kind"]>;

/** What the portal calls the kinds of products by. */
export const productTypes: Record<Kind, number> = { simple: 1, parent: 3, variation: 4, service: 7 };

/** A product with variations is only their common name. */
export function isSellable({ kind }: Product): boolean {
  return kind !== "parent";
}

/** What has no prices of its own but one is sold at that, as of the portal's base type. */
export function pricesOf(world: World, product: Product): Price[] {
  if (product.prices) return product.prices;
  if (!isSellable(product)) return [];
  const base = world.settings.priceTypes.find((type) => type.base)?.id ?? 1;
  return [{ type: base, price: product.price, currency: product.currency }];
}

/** What a row of this product is kept as. @throws InvalidFieldError where such rows are refused */
export function soldAs(world: World, productId: number): number {
  const { products, unknown, switches } = world.settings;
  if (productId === 0) return 0;
  const product = products.find(({ id }) => id === productId);
  if (!product) return isKept(unknown.product, "productId") ? productId : 0;
  if (isSellable(product) || switches.parentRows === "stored") return productId;
  isKept(switches.parentRows === "refused" ? "refused" : "stored", "productId");
  return products.find(({ parentId }) => parentId === productId)?.id ?? productId;
}

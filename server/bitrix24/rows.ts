import { addedProductRow, parseAnswer, productRows, unproven } from "./answers";
import type { Outcome } from "./batch";
import type { Bitrix24Error } from "./error";
import { type ProductInfo, productRow } from "./fields";
import type { Person } from "./person";
import type { Sender } from "./sender";
import type { Work } from "./work";

type Owner = Pick<Person, "userId" | "alone"> & { dealId: number };

/** The products on each deal by user, or why they could not be read. */
export async function productsOnDeals(sender: Sender, people: Owner[]): Promise<Map<number, number[] | Bitrix24Error>> {
  const method = "crm.item.productrow.list";
  const outcomes = await sender.send(
    people.map(({ dealId }) => ({
      kind: "read",
      method,
      params: { filter: { "=ownerType": "D", "=ownerId": dealId } },
    })),
  );
  return new Map(
    people.map(({ userId }, index): [number, number[] | Bitrix24Error] => {
      const outcome = outcomes[index] as Outcome<unknown>;
      if (!outcome.ok) return [userId, outcome.error];
      const rows = parseAnswer(method, productRows, outcome.value).productRows;
      return [userId, rows.flatMap((row) => (row.productId ? [row.productId] : []))];
    }),
  );
}

/**
 * Gives a deal its product row: nothing if it stands, `set` on a deal without rows, which may be repeated, and `add`
 * beside rows of others, which `set` would wipe.
 */
export function rowWork({ userId, dealId, alone }: Owner, present: number[], product: ProductInfo): Work {
  const done = () => ({ done: true });
  if (present.includes(product.id)) return { userId, read: done };
  const owner = { ownerType: "D", ownerId: dealId };
  const row = productRow(product);
  const [kind, method, params, schema] =
    present.length > 0
      ? (["row.add", "crm.item.productrow.add", { fields: { ...owner, ...row } }, addedProductRow] as const)
      : (["row.set", "crm.item.productrow.set", { ...owner, productRows: [row] }, productRows] as const);
  return {
    userId,
    parcel: { kind, method, params, alone },
    read: (value) => {
      const stored = parseAnswer(method, schema, value).productRows;
      // An empty answer was seen in the field: only the row itself proves that it stands.
      if (!stored.some((each) => each.productId === product.id)) throw unproven(method);
      return done();
    },
  };
}

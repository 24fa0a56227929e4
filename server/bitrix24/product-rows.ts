import { type ProductInfo, productRow } from "./fields";
import { type Person, travel } from "./registrant";
import { addedProductRow, parseAnswer, productRows, unproven } from "./responses";
import type { Work } from "./run-phase";
import type { SoldRow } from "./sale";
import type { Outcome } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

type Owner = Pick<Person, "userId" | "isolated" | "refusedBefore"> & { dealId: number };

const listMethod = "crm.item.productrow.list";

/** The rows of each deal by user, or why they could not be read; a deal's failure is its own. */
export async function rowsOnDeals(
  batchRunner: BatchRunner,
  people: Pick<Owner, "userId" | "dealId" | "isolated">[],
): Promise<Map<number, SoldRow[] | Bitrix24Error>> {
  const outcomes = await batchRunner.send(
    people.map(({ dealId, isolated }) => ({
      kind: "read",
      method: listMethod,
      params: { filter: { "=ownerType": "D", "=ownerId": dealId } },
      isolated,
    })),
  );
  return new Map(
    people.map(({ userId }, index): [number, SoldRow[] | Bitrix24Error] => {
      const outcome = outcomes[index] as Outcome<unknown>;
      return [userId, outcome.ok ? readRows(outcome.value) : outcome.error];
    }),
  );
}

/** An answer that cannot be understood is that deal's failure, not the failure of all. */
function readRows(value: unknown): SoldRow[] | Bitrix24Error {
  try {
    return parseAnswer(listMethod, productRows, value).productRows;
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}

/**
 * Gives a deal its product row: nothing if it stands, `set` on a deal without rows, which may be repeated, and `add`
 * beside rows of others, which `set` would wipe. `amount` is the deal's, where it is known.
 */
export function rowWork(deal: Owner, present: SoldRow[], product: ProductInfo, amount: number | null): Work {
  const { userId, dealId } = deal;
  const done = (rows: SoldRow[]) => ({
    done: true,
    sale: { dealId, currency: "USD", amount, rows },
  });
  if (present.some(({ productId }) => productId === product.id)) return { userId, read: () => done(present) };
  const owner = { ownerType: "D", ownerId: dealId };
  const row = productRow(product);
  const [kind, method, params, schema] =
    present.length > 0
      ? (["row.add", "crm.item.productrow.add", { fields: { ...owner, ...row } }, addedProductRow] as const)
      : (["row.set", "crm.item.productrow.set", { ...owner, productRows: [row] }, productRows] as const);
  return {
    userId,
    command: { kind, method, params, ...travel(deal) },
    read: (value) => {
      const stored = parseAnswer(method, schema, value).productRows;
      // An empty answer was seen in the field: only the row itself proves that it stands.
      if (!stored.some((each) => each.productId === product.id)) throw unproven(method);
      return done([...present, ...stored]);
    },
  };
}

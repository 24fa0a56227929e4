import type { ConflictView } from "~server/conflicts/list";

export type ShownConflict = Pick<ConflictView, "id" | "dismissed" | "sale">;

/** Names the conflict and what the page says of it: what has become something else meanwhile is not decided unseen. */
export function ShownFields({ conflict: { id, dismissed, sale } }: { conflict: ShownConflict }) {
  return (
    <>
      <input type="hidden" name="conflict" value={id} />
      <input type="hidden" name="dismissed" value={String(dismissed)} />
      {sale ? <input type="hidden" name="sale" value={JSON.stringify(sale.now)} /> : null}
    </>
  );
}

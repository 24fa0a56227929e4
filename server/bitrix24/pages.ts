import type { Parcel, Sender } from "./sender";

/** A page of the portal. */
export const pageSize = 50;

/** The rest of a list whose first page came back full, by keyset: offsets are slow and shift. */
export async function restOfPages<T extends { id: number }>(
  sender: Sender,
  parcel: Parcel,
  firstPage: T[],
  parse: (raw: unknown) => T[],
): Promise<T[]> {
  const rest: T[] = [];
  for (let page = firstPage; page.length === pageSize; rest.push(...page)) {
    const filter = { ...(parcel.params.filter as object), ">id": page.at(-1)?.id };
    const [raw] = await sender.read([{ ...parcel, params: { ...parcel.params, filter } }]);
    page = parse(raw);
  }
  return rest;
}

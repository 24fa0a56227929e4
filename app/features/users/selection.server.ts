import type { UserSelection } from "~server/payments/bulk";
import { parseId } from "~server/platform/ids";
import type { UserFilter } from "~server/users/filter";

/** Twenty pages full of ticks: more than anybody ticks, and no endless query. */
const maxIds = 1_000;

/** Who is meant: all whom the filter lets through, or those whose boxes were ticked; null if it is nobody. */
export function selectionOf(params: URLSearchParams, filter: UserFilter): UserSelection | null {
  if (params.has("all")) return { filter };
  const ids = params.getAll("id").flatMap((text) => parseId(text) ?? []);
  return ids.length > 0 ? { ids: ids.slice(0, maxIds) } : null;
}

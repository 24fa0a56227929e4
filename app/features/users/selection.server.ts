import type { UserSelection } from "~server/payments/bulk";
import { parseId } from "~server/platform/ids";
import type { UserFilter } from "~server/users/filter";

/** Twenty full pages: more than a person selects by hand, and no endless query. */
const maxIds = 1_000;

/** Who is meant: all people who match the filter, or the selected ones; null if none is selected. */
export function selectionOf(params: URLSearchParams, filter: UserFilter): UserSelection | null {
  if (params.has("all")) return { filter };
  const ids = params.getAll("id").flatMap((text) => parseId(text) ?? []);
  return ids.length > 0 ? { ids: ids.slice(0, maxIds) } : null;
}

import { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { select } from "../database/read-within";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import type { UserFilter } from "../users/filter";
import { conditions, type Site, type SiteDeps, siteOf } from "../users/list-sql";
import { setPaidMany } from "./payments";

/** The users to change: selected ones, or all that match a filter. */
export type UserSelection = { ids: number[] } | { filter: UserFilter };

export interface BulkPlan {
  selected: number;
  /** The selected users whose payment would change. */
  changing: number;
  /** The newest selected user: people who register after the count was shown must not be changed. */
  upTo: number;
}

interface Bulk {
  selection: UserSelection;
  isPaid: boolean;
}

const pageSize = 1_000;
/** How long one request of a bulk change may take: well below the minute after which proxies time out. */
export const budgetMs = 20_000;

/** Counts exactly what a bulk change would do; the confirmation shows this number. */
export async function planBulk(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { selection, isPaid }: Bulk,
  upTo: number | null = null,
): Promise<BulkPlan> {
  const [plan] = await select<BulkPlan>(
    pool,
    Prisma.sql`select count(*)::int as "selected", (count(*) filter (where "isPaid" <> ${isPaid}))::int as "changing",
        coalesce(max("id"), 0) as "upTo"
      from "User" where ${isSelected(selection, siteOf(deps))} ${upTo === null ? Prisma.empty : Prisma.sql`and "id" <= ${upTo}`}`,
  );
  return plan ?? { selected: 0, changing: 0, upTo: 0 };
}

/**
 * Changes the selected users for as long as one request may take. `left` is the number of remaining ones: a repeated
 * call continues there.
 */
export async function setPaidBulk(
  services: Pick<Services, "db" | "pool" | "queue"> & SiteDeps,
  { actor, upTo, budget = budgetMs, ...bulk }: Bulk & { actor: Actor; upTo: number; budget?: number },
): Promise<{ changed: number; left: number }> {
  const deadline = elapsedMs() + budget;
  const userIds = changingIds(services, bulk, upTo, () => elapsedMs() < deadline);
  const { changed } = await setPaidMany(services, { actor, userIds, isPaid: bulk.isPaid });
  const { changing } = await planBulk(services, bulk, upTo);
  return { changed, left: changing };
}

/** In id order and in pages: a single transaction would hold its locks for minutes. */
async function* changingIds(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { selection, isPaid }: Bulk,
  upTo: number,
  goOn: () => boolean,
): AsyncGenerator<number> {
  for (let last = 0; goOn(); ) {
    const page = await select<{ id: number }>(
      pool,
      Prisma.sql`select "id" from "User"
        where ${isSelected(selection, siteOf(deps))} and "isPaid" <> ${isPaid} and "id" > ${last} and "id" <= ${upTo}
        order by "id" limit ${pageSize}`,
    );
    for (const { id } of page) {
      if (!goOn()) return;
      yield id;
    }
    if (page.length < pageSize) return;
    last = page.at(-1)?.id ?? last;
  }
}

/** Of the selected people those who are there: who was erased meanwhile has no payment that could change. */
export const isSelected = (selection: UserSelection, site: Site): Prisma.Sql =>
  "ids" in selection
    ? Prisma.sql`("id" = any(${selection.ids}::int[]) and "erasedAt" is null)`
    : conditions(selection.filter, site);

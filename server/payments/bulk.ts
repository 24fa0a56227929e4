import { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { select } from "../database/read-within";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import type { UserFilter } from "../users/filter";
import { conditions, type Site, type SiteDeps, siteOf } from "../users/list-sql";
import { changedAfter, setPaidMany } from "./payments";

/** The users to change: selected ones, or all that match a filter. */
export type UserSelection = { ids: number[] } | { filter: UserFilter };

export interface BulkPlan {
  selected: number;
  /** The selected users whose payment would change. */
  changing: number;
  /** The newest selected user: people who register after the count was shown must not be changed. */
  upTo: number;
  /** The newest change of any payment: what is changed after the count was shown must not be changed back. */
  seen: number;
}

interface Bulk {
  selection: UserSelection;
  isPaid: boolean;
}

/** What was asked for, as of the moment at which it was shown. */
type Confirmed = Bulk & Pick<BulkPlan, "upTo" | "seen">;

export interface BulkRest {
  /** The people whom the time of one request did not suffice for. */
  left: number;
  /** The people who keep the other payment, because it was set after the count was shown. */
  kept: number;
}

const pageSize = 1_000;
/** How long one request of a bulk change may take: well below the minute after which proxies time out. */
export const budgetMs = 20_000;

/** Counts exactly what a bulk change would do; the confirmation shows this number. */
export async function planBulk(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { selection, isPaid }: Bulk,
): Promise<BulkPlan> {
  const [plan] = await select<BulkPlan>(
    pool,
    Prisma.sql`select count(*)::int as "selected", (count(*) filter (where "isPaid" <> ${isPaid}))::int as "changing",
        coalesce(max("id"), 0) as "upTo", (select coalesce(max("id"), 0) from "PaymentChange") as "seen"
      from "User" where ${isSelected(selection, siteOf(deps))}`,
  );
  return plan ?? { selected: 0, changing: 0, upTo: 0, seen: 0 };
}

/**
 * Changes the selected users for as long as one request may take; a repeated call continues with those who are left.
 */
export async function setPaidBulk(
  services: Pick<Services, "db" | "pool" | "queue"> & SiteDeps,
  { actor, budget = budgetMs, ...bulk }: Confirmed & { actor: Actor; budget?: number },
): Promise<BulkRest & { changed: number }> {
  const deadline = elapsedMs() + budget;
  const userIds = changingIds(services, bulk, () => elapsedMs() < deadline);
  const { changed } = await setPaidMany(services, { actor, userIds, isPaid: bulk.isPaid, seen: bulk.seen });
  return { changed, ...(await bulkRest(services, bulk)) };
}

/** Who of the selected people a bulk change has not changed. */
export async function bulkRest(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { selection, isPaid, upTo, seen }: Confirmed,
): Promise<BulkRest> {
  const [rest] = await select<BulkRest>(
    pool,
    Prisma.sql`select (count(*) filter (where not "changed"))::int as "left", (count(*) filter (where "changed"))::int as "kept"
      from (select ${changedAfter(seen)} as "changed" from "User"
        where ${isSelected(selection, siteOf(deps))} and "isPaid" <> ${isPaid} and "id" <= ${upTo}) other`,
  );
  return rest ?? { left: 0, kept: 0 };
}

/** In id order and in pages: a single transaction would hold its locks for minutes. */
async function* changingIds(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { selection, isPaid, upTo, seen }: Confirmed,
  goOn: () => boolean,
): AsyncGenerator<number> {
  for (let last = 0; goOn(); ) {
    const page = await select<{ id: number }>(
      pool,
      Prisma.sql`select "id" from "User"
        where ${isSelected(selection, siteOf(deps))} and "isPaid" <> ${isPaid} and "id" > ${last} and "id" <= ${upTo}
          and not ${changedAfter(seen)}
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

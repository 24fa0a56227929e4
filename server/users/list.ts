import type { PoolClient } from "pg";
import { Prisma } from "../../prisma/generated/client";
import { readWithin, select } from "../database/read-within";
import type { Services } from "../services";
import { conditionsOf, type UserCursor, type UserFilter } from "./filter";
import {
  conditions,
  furtherSql,
  keyOf,
  lookedUpPageSql,
  nearPageSql,
  type PageOf,
  pageSql,
  type SiteDeps,
  type StoredRow,
  siteOf,
  toUserRow,
  type UserRow,
} from "./list-sql";
import { nearRows } from "./search-limits";
import { isFoundByIndex } from "./search-words";

export interface UserPage {
  users: UserRow[];
  next: UserCursor | null;
  previous: UserCursor | null;
  /** Why people may be missing: the words are too short for the index, or the query took too long. */
  incomplete: "short" | "slow" | null;
}

/** Up to `count`; `more`: there are more than that. */
export interface UserCount {
  count: number;
  more: boolean;
}

interface ListRequest {
  filter: UserFilter;
  cursor: UserCursor | null;
  limit?: number;
  /** See `Site` in server/users/list-sql.ts. */
  forProgram?: boolean;
}

type ListDeps = Pick<Services, "pool"> & SiteDeps;

type Found = Pick<UserPage, "incomplete"> & { rows: StoredRow[] };

/** Rows read in the list's own order: `sampleRows` as a sample, `nearRows` at most. */
const sampleRows = 2_000;
/** If the sample holds this many matches, reading in the list's order fills a page quickly. */
const promising = 6;
const patienceMs = 3_000;

/** A page of the people who match the filter. The thousandth page costs as much as the first, at any size. */
export async function listUsers(
  { pool, ...deps }: ListDeps,
  { filter, cursor, limit = 50, forProgram = false }: ListRequest,
): Promise<UserPage> {
  // One row more than shown tells whether there is a next page, without a count.
  const page: PageOf = { filter, cursor, limit: limit + 1, ...siteOf(deps), forProgram };
  const found = await readWithin(pool, patienceMs, (client) => (filter.q ? search(client, page) : plain(client, page)));
  const { rows, incomplete } = found ?? { rows: [], incomplete: "slow" };
  const goesOn = rows.length > limit;
  const backward = cursor?.direction === "before";
  const shown = rows.slice(0, limit);
  if (backward) shown.reverse();
  const edge = (direction: UserCursor["direction"], row: StoredRow | undefined): UserCursor | null =>
    row ? { direction, key: keyOf(filter.sort, row), id: row.id } : null;
  return {
    users: shown.map(toUserRow),
    // A page reached by going back always has a next page.
    next: goesOn || backward ? edge("after", shown.at(-1)) : null,
    previous: cursor && (goesOn || !backward) ? edge("before", shown[0]) : null,
    incomplete,
  };
}

/**
 * The number of people who match the filter, up to a cap: a single condition is counted in its index, several
 * conditions are checked row by row. Null if words are too short for their index, or the count took too long.
 */
export async function countUsers({ pool, ...deps }: ListDeps, filter: UserFilter): Promise<UserCount | null> {
  if (filter.q && !isFoundByIndex(filter.q)) return null;
  const cap = conditionsOf(filter) > 1 || filter.q ? 1_000 : 10_000;
  const counted = await readWithin(pool, patienceMs, (client) =>
    select<{ count: number }>(
      client,
      Prisma.sql`select count(*)::int as "count"
        from (select 1 from "User" where ${conditions(filter, siteOf(deps))} limit ${cap + 1}) as found`,
    ),
  );
  const count = counted?.[0]?.count;
  return count === undefined ? null : { count: Math.min(count, cap), more: count > cap };
}

/**
 * The count as the list shows it. Both are read side by side, and people who register or are paid in between would make them
 * contradict each other, such as "0 people" above a row. A list that is whole counts itself.
 */
export function countOfList(
  count: UserCount | null,
  { users, next, previous, incomplete }: UserPage,
  isFirst: boolean,
): UserCount | null {
  if (!count || incomplete !== null) return count;
  if (isFirst && !next) return { count: users.length, more: false };
  const least = users.length + (next ? 1 : 0) + (previous ? 1 : 0);
  return { ...count, count: Math.max(count.count, least) };
}

/** First-touch sources that the filter offers. Each costs one index step, however many people have it. */
export async function listSources({ db }: Pick<Services, "db">, limit = 100): Promise<string[]> {
  const found = await db.$queryRaw<{ source: string }[]>`
    with recursive step as (
      select min("source") as "source", 1 as "number" from "User"
      union all
      select (select min("source") from "User" where "source" > step."source"), "number" + 1
      from step where step."source" is not null and "number" < ${limit}
    )
    select "source" from step where "source" is not null`;
  return found.map(({ source }) => source);
}

async function plain(client: PoolClient, page: PageOf): Promise<Found> {
  return { rows: await select(client, pageSql(page)), incomplete: null };
}

/**
 * Frequent matches are found quickly by reading in the list's order, rare ones by an index. The wrong choice takes a
 * hundred times as long, so the first rows of the list decide.
 */
async function search(client: PoolClient, page: PageOf): Promise<Found> {
  const hasIndex = isFoundByIndex(page.filter.q);
  for (const rows of [sampleRows, nearRows]) {
    const near = await select<StoredRow>(client, nearPageSql(page, rows));
    const isAll = near.length === page.limit || (await select(client, furtherSql(page, rows))).length === 0;
    if (isAll) return { rows: near, incomplete: null };
    if (hasIndex && near.length < promising) break;
    if (!hasIndex && rows === nearRows) return { rows: near, incomplete: "short" };
  }
  return { rows: await select(client, lookedUpPageSql(page)), incomplete: null };
}

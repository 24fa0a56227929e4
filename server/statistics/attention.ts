import type { Services } from "../services";

/** How many things wait for an administrator's decision, for the menu. None is counted beyond `mostCounted`. */
export interface Attention {
  /** Registrations that failed permanently. */
  failed: number;
  /** Open conflicts between this site and the portal. */
  conflicts: number;
  /** Registrations held for review. */
  review: number;
  /** Erasures that the portal has not carried out at the first attempt. */
  rights: number;
}

/** Counting stops here: more would say nothing new, and would cost every page of the administration time. */
export const mostCounted = 100;

/** One statement on partial indexes and small tables. */
export async function readAttention({ db }: Pick<Services, "db">): Promise<Attention> {
  const rows = await db.$queryRaw<Attention[]>`
    select
      (select count(*)::int from (
        select from "User" where "crmState" = 'FAILED' limit ${mostCounted}) as each) as failed,
      (select count(*)::int from (
        select from "Conflict" where "resolvedAt" is null limit ${mostCounted}) as each) as conflicts,
      (select count(*)::int from (
        select from "User" where 'review' = any("holds") limit ${mostCounted}) as each) as review,
      (select count(*)::int from (
        select from "Erasure" where state = 'pending' and error is not null limit ${mostCounted}) as each) as rights`;
  return rows[0] ?? { failed: 0, conflicts: 0, review: 0, rights: 0 };
}

import { Prisma } from "../../prisma/generated/client";
import type { RequestTrace } from "../platform/request-trace";

/**
 * When a job is due that need not wait: some time ago by the database's clock, so that a clock that is set back by hours
 * delays none.
 */
export const atOnce = "-1 day";

/** The names of pg-boss's tables. */
export interface QueueTables {
  jobs: Prisma.Sql;
  queues: Prisma.Sql;
}

export interface NewJob {
  userId: number;
  priority: number;
  data: { userId: number } & RequestTrace;
  /** By the database's clock; at once if left out. */
  startAfter?: Date;
}

/**
 * Adds a job for each row of `source`, which has "userId", data, priority and due. The same columns as those of pg-boss's
 * own statement. A job that waits already is kept. `strict`: fails where there is no such queue, instead of adding none.
 *
 * Jobs are added in the order of people, as wherever many are: of two statements that add the same ones the later then
 * waits for the earlier, instead of both for each other. pg-boss's own statement adds them in the order of its query plan.
 */
export const addJobs = (
  { jobs, queues }: QueueTables,
  { name, source, strict = false }: { name: string; source: Prisma.Sql; strict?: boolean },
): Prisma.Sql => Prisma.sql`
  insert into ${jobs} (
    name, data, priority, start_after, singleton_key, expire_in, keep_until, retry_limit, retry_delay, retry_backoff, policy)
  select ${name}, new.data, new.priority, new.due, new."userId"::text,
    queue.expire_seconds * interval '1 second',
    new.due + coalesce(queue.retention_minutes * interval '1 minute', interval '14 days'),
    queue.retry_limit, coalesce(queue.retry_delay, 0), coalesce(queue.retry_backoff, false), queue.policy
  from (${source}) new ${Prisma.raw(strict ? "left join" : "join")} ${queues} queue on queue.name = ${name}
  order by new."userId"
  on conflict do nothing`;

/** The rows of jobs that are known. */
export const rowsOf = (jobs: NewJob[]): Prisma.Sql => Prisma.sql`
  select "userId", data, priority, coalesce("startAfter", now() + ${atOnce}::interval) as due
  from jsonb_to_recordset(${JSON.stringify(jobs)}::jsonb)
    as job ("userId" int, data jsonb, priority int, "startAfter" timestamptz)`;

/** The rows of due jobs for the people whom the same statement inserts; `people` is a name of rows with an `id`. */
export const rowsForPeople = (
  people: string,
  { priority, trace }: { priority: number; trace: RequestTrace },
): Prisma.Sql => Prisma.sql`
  select id as "userId", jsonb_build_object('userId', id) || ${JSON.stringify(trace)}::jsonb as data,
    ${priority}::int as priority, now() + ${atOnce}::interval as due
  from ${Prisma.raw(people)}`;

import { createHash } from "node:crypto";
import type { Pool, PoolClient } from "pg";
import PgBoss from "pg-boss";
import { Prisma } from "../../prisma/generated/client";
import { schemaOfPool } from "../database/address";
import type { Tx } from "../database/db";
import { liftTimeLimits } from "../database/time-limits";
import { inTransaction } from "../database/transaction";
import { usualSchema } from "../platform/database-schema";
import type { Logger } from "../platform/log";
import { type RequestTrace, requestOf } from "../platform/request-trace";
import { toDatabaseClock } from "./database-clock";
import { addJobs, atOnce, rowsForPeople, rowsOf } from "./job-rows";

/**
 * The only file that calls pg-boss. job-rows.ts writes its job table directly. A job is a reminder that names a user;
 * the user's row is the truth. So a lost, duplicate or late job does no harm: the sweep creates missing jobs, and a job
 * of a completed row is removed.
 */

export const queueNames = ["crm-registration", "crm-payment", "crm-correction", "crm-erasure"] as const;
export type QueueName = (typeof queueNames)[number];

/** Higher is fetched first: a person who waits at the page comes before imported lists. */
export const priorities = { behind: -1, import: 0, registration: 10, resend: 20 } as const;

/** The PostgreSQL channel that wakes the worker at the moment a job is committed. */
export const wakeChannel = "crm_wake";

/**
 * Wakes the worker when the transaction commits. The channel belongs to the whole database, so the payload names the
 * installation.
 */
export const wakeWorker = (tx: Tx): Promise<number> =>
  tx.$executeRaw`select pg_notify(${wakeChannel}, current_schema())`;

/** The schema for the queue's tables of the installation in `schema`. pg-boss accepts plain names only. */
export function queueSchemaOf(schema: string): string {
  if (schema === usualSchema) return "pgboss";
  const isPlain = /^[a-z0-9_]{1,40}$/.test(schema);
  return `pgboss_${isPlain ? schema : createHash("sha256").update(schema).digest("hex").slice(0, 16)}`;
}

export interface Job {
  id: string;
  userId: number;
  priority: number;
  /** The request that made it or asked for it last. Unknown for jobs of the sweep and of commands. */
  trace?: RequestTrace;
}

/** The result of a fetched job: removed, or due again at a time. */
export interface FinishedJob extends Job {
  retryAt?: Date;
}

export interface Queue {
  /** The table of jobs, for joins. */
  readonly jobs: Prisma.Sql;
  /** Adds the job in the caller's transaction. A job that is already waiting is brought forward instead. */
  enqueue(tx: Tx, name: QueueName, userId: number, options?: { priority?: number; startAfter?: Date }): Promise<void>;
  /**
   * The part of a statement that adds a due job for each person whom the same statement inserts, and wakes the worker:
   * `people` is a name of rows with an `id`. Where there is no such queue, the whole statement fails.
   */
  insertion(name: QueueName, people: string, options?: { priority?: number }): Prisma.Sql;
  /** Adds jobs for many users of one transaction, in a few statements. */
  enqueueMany(tx: Tx, name: QueueName, userIds: number[], options?: { priority?: number }): Promise<void>;
  /** Takes up to `limit` due jobs, most urgent first. An unreachable database counts as no jobs. */
  fetch(name: QueueName, limit: number): Promise<Job[]>;
  /** Removes the jobs and, in the same transaction, adds those that are due again. */
  finish(name: QueueName, jobs: FinishedJob[]): Promise<void>;
  /** Makes jobs due again that a dead worker had fetched. Only for the process that holds the leader lock. */
  reclaim(name: QueueName): Promise<number>;
  /** Adds a job for each user without a waiting one; existing jobs are kept. */
  ensure(name: QueueName, userIds: number[], priority: number): Promise<void>;
  /** Stops the maintenance of pg-boss; the pool stays open. */
  stop(): Promise<void>;
}

const executor = (client: Pick<Pool | PoolClient, "query">): PgBoss.Db => ({
  executeSql: (text, values) => client.query(text, values),
});

const prismaExecutor = (tx: Tx): PgBoss.Db => ({
  executeSql: async (text, values) => ({ rows: await tx.$queryRawUnsafe(text, ...values) }),
});

/**
 * Creates or upgrades the queue's tables, then the queues. Safe in several processes at once.
 * `supervise` runs the maintenance in this process; it is for workers.
 */
export async function createQueue(options: { pool: Pool; log: Logger; supervise: boolean }): Promise<Queue> {
  const { pool, log } = options;
  const schema = queueSchemaOf(schemaOfPool(pool));
  const boss = new PgBoss({
    schema,
    db: executor(pool),
    schedule: false,
    supervise: options.supervise,
    maintenanceIntervalSeconds: 30,
  });
  boss.on("error", (error) => log.error({ err: error }, "queue failed"));
  try {
    await oneAtATime(pool, () => prepare(boss, pool, schema));
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
  return queueOver(boss, pool, schema);
}

/** A number that no other advisory lock uses. */
const prepareLock = 20_260_002;

/** Runs work while no other process does: pg-boss's statements that make queues deadlock with one another. */
async function oneAtATime(pool: Pool, work: () => Promise<void>): Promise<void> {
  // A transaction holds the lock, since behind a pooler a session may be another one with the next statement.
  await inTransaction(pool, async (client) => {
    await liftTimeLimits(client);
    await client.query("select pg_advisory_xact_lock($1)", [prepareLock]);
    await work();
  });
}

async function prepare(boss: PgBoss, pool: Pool, schema: string): Promise<void> {
  await boss.start();
  // `short`: one waiting job per user; while that job is in work, a new one may wait. The retention is long because
  // only the sweep would replace a job that expired before it was fetched.
  for (const name of queueNames)
    await boss.createQueue(name, {
      name,
      policy: "short",
      retryLimit: 0,
      expireInSeconds: 3_600,
      retentionDays: 365,
    } as PgBoss.Queue);
  await addFetchIndex(pool, schema);
}

/**
 * Without this index pg-boss sorts the whole backlog at each fetch: 2.8 s instead of 2 ms at a million jobs. The statement
 * locks the table, also where the index exists: behind a long transaction it would wait, and behind it every registration.
 */
async function addFetchIndex(pool: Pool, schema: string): Promise<void> {
  const { rowCount } = await pool.query("select 1 where to_regclass($1) is null", [`${schema}.job_fetch`]);
  if (rowCount === 0) return;
  await inTransaction(pool, async (client) => {
    await liftTimeLimits(client);
    await client.query("set local lock_timeout = '3s'");
    await client.query(
      `create index if not exists job_fetch on ${schema}.job (name, priority desc, created_on, id) where state < 'active'`,
    );
  });
}

type AddedJob = Omit<Job, "id"> & { startAfter?: Date };

/** What the job's row holds. */
type JobData = { userId: number } & RequestTrace;

interface StoredJob {
  id: string;
  data: JobData;
  priority: number;
}

const toJob = ({ id, data: { userId, ...trace }, priority }: StoredJob): Job => ({ id, userId, priority, trace });

function queueOver(boss: PgBoss, pool: Pool, schema: string): Queue {
  const jobTable = `${schema}.job`;
  const jobs = Prisma.raw(jobTable);
  const tables = { jobs, queues: Prisma.raw(`${schema}.queue`) };
  const dataOf = (userId: number, trace = requestOf(userId)): JobData => ({ userId, ...trace });
  const insert = (db: PgBoss.Db, name: QueueName, added: AddedJob[]) => {
    const rows = added.map(({ userId, priority, trace, startAfter }) => ({
      ...{ userId, priority, data: dataOf(userId, trace) },
      ...(startAfter ? { startAfter } : {}),
    }));
    const { text, values } = addJobs(tables, { name, source: rowsOf(rows) });
    return db.executeSql(text, values);
  };

  const finish: Queue["finish"] = async (name, jobs) => {
    if (jobs.length === 0) return;
    await inTransaction(pool, async (client) => {
      const db = executor(client);
      await boss.deleteJob(
        name,
        jobs.map((job) => job.id),
        { db },
      );
      const again = jobs.flatMap(({ retryAt, ...job }) => (retryAt ? [{ ...job, startAfter: retryAt }] : []));
      if (again.length > 0) {
        const byTheirClock = await toDatabaseClock(client);
        const added = again.map((job) => ({ ...job, startAfter: byTheirClock(job.startAfter) }));
        await insert(db, name, added);
      }
    });
  };

  return {
    jobs,

    async enqueue(tx, name, userId, { priority = priorities.registration, startAfter } = {}) {
      const send = () =>
        boss.send(name, dataOf(userId), {
          db: prismaExecutor(tx),
          singletonKey: String(userId),
          priority,
          startAfter: startAfter ?? atOnce,
        });
      const bringForward = () => tx.$executeRaw`
        update ${jobs} set start_after = least(start_after, ${startAfter ?? new Date(0)}), priority = greatest(priority, ${priority}),
          data = data || ${JSON.stringify(dataOf(userId))}::jsonb
        where name = ${name} and singleton_key = ${String(userId)} and state = 'created'`;
      // Null means "a job is already waiting" or "no such queue"; the second case must never lose a registration. The
      // worker may take the waiting job at this moment, hence the second try.
      if (!(await send()) && (await bringForward()) === 0 && !(await send()))
        throw new Error(`no job was added to queue ${name}: is the queue missing?`);
      await wakeWorker(tx);
    },

    insertion: (name, people, { priority = priorities.registration } = {}) => Prisma.sql`
      ${addJobs(tables, { name, source: rowsForPeople(people, { priority, trace: requestOf(undefined) }), strict: true })}
      returning pg_notify(${wakeChannel}, current_schema())::text`,

    async enqueueMany(tx, name, userIds, { priority = priorities.registration } = {}) {
      const wanted = [...new Set(userIds)];
      const traces = Object.fromEntries(wanted.map((userId) => [userId, requestOf(userId)]));
      const addMissing = () =>
        insert(
          prismaExecutor(tx),
          name,
          wanted.map((userId) => ({ userId, priority })),
        );
      const bringForward = () => tx.$executeRaw`
        with locked as materialized (
          select id from ${jobs} where name = ${name} and state = 'created' and singleton_key = any(${wanted.map(String)})
          order by singleton_key::int for no key update)
        update ${jobs} job set start_after = least(start_after, ${new Date(0)}), priority = greatest(priority, ${priority}),
          data = data || coalesce(${JSON.stringify(traces)}::jsonb -> singleton_key, '{}')
        from locked where job.name = ${name} and job.id = locked.id`;
      if (wanted.length === 0) return;
      await addMissing();
      // Too few: the worker took a waiting job at this moment, or there is no such queue and nothing was inserted.
      if ((await bringForward()) < wanted.length) {
        await addMissing();
        if ((await bringForward()) < wanted.length)
          throw new Error(`fewer jobs than users were added to queue ${name}`);
      }
      await wakeWorker(tx);
    },

    async fetch(name, limit) {
      const jobs = await boss.fetch<JobData>(name, { batchSize: limit, includeMetadata: true });
      // The statement fetches the right jobs but returns them in any order.
      jobs.sort((a, b) => b.priority - a.priority || a.createdOn.getTime() - b.createdOn.getTime());
      return jobs.map(({ id, data, priority }) => toJob({ id, data, priority }));
    },

    finish,

    async reclaim(name) {
      const { rows } = await pool.query<StoredJob>(
        `select id, data, priority from ${jobTable} where name = $1 and state = 'active'`,
        [name],
      );
      await finish(
        name,
        rows.map((row) => ({ ...toJob(row), retryAt: new Date() })),
      );
      return rows.length;
    },

    async ensure(name, userIds, priority) {
      const added = userIds.map((userId) => ({ userId, priority }));
      if (added.length > 0) await insert(executor(pool), name, added);
    },

    stop: () => boss.stop({ graceful: false }),
  };
}

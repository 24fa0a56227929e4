import { randomUUID } from "node:crypto";
import type { ClientBase, DatabaseError, Pool } from "pg";
import { checksumOf, type MigrationFile } from "./migration-files";

/**
 * A migration as recorded in the database. The table is Prisma's, so that its tools understand it and old installations
 * have it.
 */
export interface MigrationRecord {
  name: string;
  checksum: string;
  /** False: the migration failed, or was interrupted between script and record. */
  finished: boolean;
}

const undefinedTable = "42P01";

/** Null if there is no table of migrations. */
export async function readRecords(database: Pick<ClientBase | Pool, "query">): Promise<MigrationRecord[] | null> {
  try {
    const { rows } = await database.query<MigrationRecord>(
      `select migration_name as name, checksum, finished_at is not null as finished
       from _prisma_migrations where rolled_back_at is null`,
    );
    return rows;
  } catch (error) {
    if ((error as DatabaseError).code === undefinedTable) return null;
    throw error;
  }
}

/** Asked inside a transaction, which the error of a missing table would end. */
export async function hasRecords(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>(
    "select to_regclass('_prisma_migrations') is not null as exists",
  );
  return rows[0]?.exists ?? false;
}

export const createRecords = (client: ClientBase): Promise<unknown> =>
  client.query(`create table _prisma_migrations (
    id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
    migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
    started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);

/** Runs in the script's own transaction, so that script and record commit together. */
export const recordApplied = (client: ClientBase, { name, sql }: MigrationFile): Promise<unknown> =>
  client.query(
    `insert into _prisma_migrations (id, migration_name, checksum, finished_at, applied_steps_count)
     values ($1, $2, $3, clock_timestamp(), 1)`,
    [randomUUID(), name, checksumOf(sql)],
  );

export const recordFailed = (client: ClientBase, { name, sql }: MigrationFile, reason: string): Promise<unknown> =>
  client.query("insert into _prisma_migrations (id, migration_name, checksum, logs) values ($1, $2, $3, $4)", [
    randomUUID(),
    name,
    checksumOf(sql),
    reason,
  ]);

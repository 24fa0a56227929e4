import type { ClientBase, Pool } from "pg";
import { schemaOf } from "../platform/database-schema";
import type { Logger } from "../platform/log";
import { isUnchanged, type MigrationFile, migrationNames, prismaFolder, readMigrations } from "./migration-files";
import { createRecords, type MigrationRecord, readRecords, recordApplied, recordFailed } from "./migration-records";
import { hasTables, prepareSchema } from "./schema";
import { withSession } from "./session";

/**
 * A number that no other advisory lock uses. The same for all schemas of the database, since extensions belong to all.
 */
export const migrationLock = 20_260_001;

interface Options {
  databaseUrl: string;
  log: Logger;
  /** The folder with migrations/. */
  folder?: string;
}

/**
 * Applies what is missing of prisma/migrations, each in a transaction of its own. Several processes may start at once: one
 * works, the others wait and find nothing left to do. Throws if a migration failed before or was edited after it was
 * applied, since the schema is then not the one that this code was written for.
 */
export async function migrate({ databaseUrl, log, folder = prismaFolder() }: Options): Promise<{ applied: string[] }> {
  return locked(databaseUrl, async (client) => {
    const [files, records] = await Promise.all([readMigrations(folder), readRecords(client)]);
    const missing = missingOf(files, records ?? [], log);
    if (missing.length === 0) return { applied: [] };
    const { path } = await prepareSchema(client, schemaOf(databaseUrl));
    if (!records) await begin(client);
    for (const file of missing) await apply(client, file, path);
    const applied = missing.map(({ name }) => name);
    log.info({ applied }, "database migrated");
    return { applied };
  });
}

/**
 * Runs work while another session holds the lock. A transaction holds it, since behind a pooler a session may be another
 * one with the next statement; if this process is killed, it ends, and the next process gets the lock.
 */
const locked = <T>(databaseUrl: string, work: (client: ClientBase) => Promise<T>): Promise<T> =>
  withSession(databaseUrl, async (holder) => {
    await holder.query("begin");
    await holder.query("set local idle_in_transaction_session_timeout = 0");
    await holder.query("select pg_advisory_xact_lock($1)", [migrationLock]);
    return withSession(databaseUrl, work);
  });

/** Whether the database holds every migration of this code: for the readiness check. */
export async function migrationsApplied(pool: Pool, folder = prismaFolder()): Promise<boolean> {
  const [names, records] = await Promise.all([migrationNames(folder), readRecords(pool)]);
  const applied = new Set(records?.filter(({ finished }) => finished).map(({ name }) => name));
  return names.every((name) => applied.has(name));
}

function missingOf(files: MigrationFile[], records: MigrationRecord[], log: Logger): MigrationFile[] {
  const recorded = new Map(records.map((record) => [record.name, record]));
  const missing = files.filter(({ name }) => !recorded.has(name));
  const failed = files.filter(({ name }) => records.some((record) => record.name === name && !record.finished));
  if (failed.length > 0)
    throw new Error(
      `Migrations failed: ${listed(failed)}. Their rows in _prisma_migrations say why. They left ` +
        "nothing else: mend the cause, delete those rows, and start again.",
    );
  const edited = files.filter(
    (file) => !isUnchanged(file, recorded.get(file.name)?.checksum ?? "") && recorded.has(file.name),
  );
  if (edited.length > 0) throw new Error(`Migrations were edited after they were applied: ${listed(edited)}.`);
  const unknown = records.filter(({ name }) => !files.some((file) => file.name === name));
  if (unknown.length > 0 && missing.length > 0)
    throw new Error(
      `The database has migrations that this code lacks (${listed(unknown)}), and lacks others (${listed(missing)}).`,
    );
  // An older release runs beside a newer one, as in every rolling update.
  if (unknown.length > 0)
    log.warn({ migrations: unknown.map(({ name }) => name) }, "the database is newer than this code");
  return missing;
}

const listed = (migrations: { name: string }[]): string => migrations.map(({ name }) => name).join(", ");

async function begin(client: ClientBase): Promise<void> {
  // Prisma's error code for this, which its documentation explains.
  if (await hasTables(client))
    throw Object.assign(new Error("The database has tables, but none of ours: name an empty schema in DATABASE_URL."), {
      code: "P3005",
    });
  await createRecords(client);
}

async function apply(client: ClientBase, file: MigrationFile, path: string): Promise<void> {
  await client.query("begin");
  try {
    await client.query(path);
    await client.query(file.sql);
    await recordApplied(client, file);
    await client.query("commit");
  } catch (cause) {
    const { message } = cause as Error;
    // If the connection is lost nothing can be recorded, and nothing needs to be: the next start retries.
    await client
      .query("rollback")
      .then(() => recordFailed(client, file, message))
      .catch(() => {});
    throw new Error(`${message}: the migration ${file.name} was undone.`, { cause });
  }
}

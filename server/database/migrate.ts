import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase, DatabaseError, Pool } from "pg";
import { schemaOf } from "../platform/database-schema";
import type { Logger } from "../platform/log";
import { foreignTables } from "./foreign-tables";
import { isUnchanged, type MigrationFile, migrationNames, prismaFolder, readMigrations } from "./migration-files";
import { lockShape } from "./migration-lock";
import {
  createRecords,
  hasRecords,
  type MigrationRecord,
  readRecords,
  recordApplied,
  recordFailed,
} from "./migration-records";
import { inTurn } from "./migration-turn";
import { hasTables, prepareSchema } from "./schema";
import { assertServerFits } from "./server-fits";
import { withSession } from "./session";
import { isDatabaseAway } from "./unavailable";

interface Options {
  databaseUrl: string;
  log: Logger;
  /** The folder with migrations/. */
  folder?: string;
  /** Called once if another process has to end its work first; logged if it is left out. */
  onWait?: () => void;
}

/** A migration that lost a deadlock or a wait for a lock is tried so often in one start: for more than a minute behind a lock. */
const attempts = 20;
/** Long enough that everything that queued behind the migration comes through. */
const betweenAttemptsMs = 1_000;
/**
 * A migration waits no longer for a lock: while it waits for a report that reads one table, everything else that asks for the
 * table waits behind it, and with it the whole site. Longer than PostgreSQL takes to see a deadlock and to make way for a
 * migration by ending an automatic vacuum (deadlock_timeout). How long the migration itself takes has no limit.
 */
const lockTimeout = "3s";

/** Chosen as the victim of a deadlock, of a serialization conflict, or of a limit on waiting for a lock. */
const lostLock = /^(40P01|40001|55P03)$/;
/** Cancelled by an operator. */
const cancelled = "57014";

/**
 * Applies what is missing of prisma/migrations, each in a transaction of its own. Several processes may start at once: each
 * migration is applied by one of them, and the others wait and find it done. Throws if a migration failed before or was
 * edited after it was applied, since the schema is then not the one that this code was written for.
 */
export async function migrate({
  databaseUrl,
  log,
  folder = prismaFolder(),
  onWait: tellWait = () => log.warn("the start waits for migrations, a backup or a restore by another process"),
}: Options): Promise<{ applied: string[] }> {
  const files = await readMigrations(folder);
  let hasToldWait = false;
  const onWait = () => {
    if (!hasToldWait) tellWait();
    hasToldWait = true;
  };
  const applied: string[] = [];
  // Shared, so that a start that has nothing to apply does not wait for a backup.
  const isComplete = await withSession(databaseUrl, async (client) => {
    await assertServerFits(client, log);
    return inTransaction(client, async () => {
      await lockShape(client, "shared", onWait);
      return missingOf(files, (await recordsIn(client)) ?? [], log).length === 0;
    });
  });
  if (isComplete) return { applied };
  const applyAll = async (client: ClientBase): Promise<void> => {
    const step = () => applyNext(client, { files, schema: schemaOf(databaseUrl), log, onWait });
    for (let name = await patiently(step, log); name; name = await patiently(step, log)) applied.push(name);
  };
  await inTurn(databaseUrl, onWait, () => withSession(databaseUrl, applyAll));
  if (applied.length > 0) log.info({ applied }, "database migrated");
  return { applied };
}

async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    // If the connection is lost nothing is left to undo.
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

async function recordsIn(client: ClientBase): Promise<MigrationRecord[] | null> {
  return (await hasRecords(client)) ? readRecords(client) : null;
}

/** Whether the database holds every migration of this code. */
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
  if (await hasTables(client)) throw foreignTables();
  await createRecords(client);
}

interface Step {
  files: MigrationFile[];
  schema: string;
  log: Logger;
  onWait: () => void;
}

/** Applies the first migration that is missing, under the lock, and returns its name; undefined if none is missing. */
async function applyNext(client: ClientBase, { files, schema, log, onWait }: Step): Promise<string | undefined> {
  let failure: Error | undefined;
  const name = await inTransaction(client, async () => {
    await lockShape(client, "exclusive", onWait);
    const records = await recordsIn(client);
    const [file] = missingOf(files, records ?? [], log);
    if (!file) return undefined;
    const { path } = await prepareSchema(client, schema);
    if (!records) await begin(client);
    await client.query(path);
    await client.query(`set local lock_timeout = '${lockTimeout}'`);
    await client.query("savepoint migration");
    try {
      await client.query(file.sql);
      await recordApplied(client, file);
    } catch (cause) {
      const { message } = cause as Error;
      const error = new Error(`${message}: the migration ${file.name} was undone.`, { cause });
      if (mayPass(cause)) throw error;
      // Recorded under the same lock, so that no other process tries it meanwhile.
      await client.query("rollback to savepoint migration");
      await recordFailed(client, file, message);
      failure = error;
    }
    return file.name;
  });
  if (failure) throw failure;
  return name;
}

/** Whether the failure says nothing of the script, so that the next start is to try again. */
const mayPass = (error: unknown): boolean => {
  const { code = "" } = error as DatabaseError;
  return lostLock.test(code) || code === cancelled || isDatabaseAway(error);
};

async function patiently<T>(step: () => Promise<T>, log: Logger): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      const { code = "" } = ((error as Error).cause ?? error) as DatabaseError;
      if (!lostLock.test(code) || attempt === attempts) throw error;
      log.warn({ err: error, attempt }, "a migration found its tables in use, retrying");
      await sleep(betweenAttemptsMs);
    }
  }
}

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm";
import pg from "pg";
import type { Logger } from "../platform/log";
import { startSchemaEngine } from "./schema-engine";

/** Any number that no other advisory lock of this database uses. */
const lockKey = 20_260_001;

interface Options {
  databaseUrl: string;
  log: Logger;
  /** The folder with schema.prisma and migrations/. */
  folder?: string;
}

/**
 * Applies what is missing of prisma/migrations, with Prisma's own engine. Several processes may start at once: one
 * works, the others wait and find nothing left to do. Throws if a migration failed before or was edited after it was
 * applied, since the schema is then not the one that this code was written for.
 */
export async function migrate({ databaseUrl, log, folder = prismaFolder() }: Options): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // A lost connection shows in the query that waits on it.
  client.on("error", () => {});
  await client.connect();
  try {
    // Held by the session: a process that is killed at its work lets the next one in.
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    // The usual start: without the engine's quarter of a second and 50 MB.
    if (await isUpToDate(client, folder)) return { applied: [] };
    const applied = await applyMissing(databaseUrl, folder, log);
    if (applied.length > 0) log.info({ applied }, "database migrated");
    return { applied };
  } finally {
    await client.end();
  }
}

/** Whether the database holds every migration of this code: for the readiness check. */
export async function migrationsApplied(pool: pg.Pool, folder = prismaFolder()): Promise<boolean> {
  const [names, records] = await Promise.all([migrationNames(folder), readRecords(pool)]);
  const applied = new Set(records.filter(({ finished }) => finished).map(({ name }) => name));
  return names.every((name) => applied.has(name));
}

/** Everything was applied, nothing failed, and every file is still what was applied. */
async function isUpToDate(client: pg.Client, folder: string): Promise<boolean> {
  const [{ migrationDirectories }, records] = await Promise.all([readMigrations(folder), readRecords(client)]);
  const checksums = new Map(records.map(({ name, checksum }) => [name, checksum]));
  return (
    records.every(({ finished }) => finished) &&
    migrationDirectories.every(({ path, migrationFile: { content } }) => {
      const script = content.tag === "ok" ? content.value : "";
      return checksums.get(path) === createHash("sha256").update(script).digest("hex");
    })
  );
}

interface MigrationRecord {
  name: string;
  checksum: string;
  finished: boolean;
}

async function readRecords(database: Pick<pg.Client, "query">): Promise<MigrationRecord[]> {
  try {
    const { rows } = await database.query<MigrationRecord>(
      `select migration_name as name, checksum, finished_at is not null as finished
       from _prisma_migrations where rolled_back_at is null`,
    );
    return rows;
  } catch (error) {
    if ((error as pg.DatabaseError).code === "42P01") return []; // The table is made with the first migration.
    throw error;
  }
}

async function applyMissing(databaseUrl: string, folder: string, log: Logger): Promise<string[]> {
  // Ours to end: the engine keeps its session, and with it Prisma's own lock, until the connection closes.
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => {});
  let engine: SchemaEngine | undefined;
  try {
    engine = await startSchemaEngine(pool, folder);
    const input = {
      migrationsList: await readMigrations(folder),
      filters: { externalTables: [], externalEnums: [] },
    };
    const found = await engine.diagnoseMigrationHistory({ ...input, optInToShadowDatabase: false });
    if (found.failedMigrationNames.length > 0)
      throw new Error(
        `Migrations failed: ${found.failedMigrationNames.join(", ")}. Their rows in _prisma_migrations say why. They left ` +
          "nothing else: mend the cause, delete those rows, and start again.",
      );
    if (found.editedMigrationNames.length > 0)
      throw new Error(`Migrations were edited after they were applied: ${found.editedMigrationNames.join(", ")}.`);
    if (found.history?.diagnostic === "historiesDiverge")
      throw new Error(
        `The database has migrations that this code lacks (${found.history.unpersistedMigrationNames.join(", ")}), and ` +
          `lacks others (${found.history.unappliedMigrationNames.join(", ")}).`,
      );
    // An older release beside a newer one, as in every rolling update.
    if (found.history?.diagnostic === "migrationsDirectoryIsBehind")
      log.warn({ migrations: found.history.unpersistedMigrationNames }, "the database is newer than this code");
    return (await engine.applyMigrations(input)).appliedMigrationNames;
  } finally {
    engine?.free();
    await pool.end();
  }
}

async function readMigrations(folder: string): Promise<MigrationList> {
  const baseDir = join(folder, "migrations");
  return {
    baseDir,
    lockfile: { path: "migration_lock.toml", content: await readFile(join(baseDir, "migration_lock.toml"), "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      (await migrationNames(folder)).map(async (path) => ({
        path,
        migrationFile: {
          path: "migration.sql",
          content: { tag: "ok" as const, value: await readFile(join(baseDir, path, "migration.sql"), "utf8") },
        },
      })),
    ),
  };
}

async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "migrations"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** prisma/ of the project, seen from the source as well as from the bundle in build/server. */
export function prismaFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "prisma/schema.prisma"))) return join(folder, "prisma");
    if (folder === dirname(folder))
      throw new Error(`There is no prisma/schema.prisma in any folder above ${import.meta.dirname}.`);
  }
}

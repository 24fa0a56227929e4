import { createHash } from "node:crypto";
import { once } from "node:events";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Pool, PoolClient } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { quoteName } from "../database/address";
import { noteBackup } from "../database/backup-time";
import { whileShapeStays } from "../database/migration-lock";
import { hasRecords } from "../database/migration-records";
import { liftTimeLimits } from "../database/time-limits";
import { endOfRows, type Header, type Trailer } from "./format";
import { splitLines } from "./lines";
import { checkBackup } from "./read";
import { columnList, readTables } from "./tables";
import { removeAbandoned, unfinishedName } from "./unfinished";

/**
 * Writes the whole installation into one file while it runs, as a snapshot of one moment. The file gets its name only
 * after it was read again and verified. Queue jobs are left out: they are reminders, and the worker's sweep enqueues
 * them again; so are counts of attempts, which do not outlive a crash either. Returns the number of rows of each table. Throws if the database holds no installation, or once the signal
 * is aborted; then no file is left.
 *
 * @param onWait called if a migration or a restore by another process has to end first
 */
export async function writeBackup(
  pool: Pool,
  file: string,
  { signal, onWait }: { signal?: AbortSignal; onWait?: () => void } = {},
): Promise<Trailer["rows"]> {
  const unfinished = unfinishedName(file);
  await removeAbandoned(file);
  const databaseUrl = pool.options.connectionString ?? "";
  const client = await pool.connect();
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new Error("the backup was asked to stop"));
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
  });
  const written = async () => {
    // In a snapshot from before a migration, a table that the migration rewrites is empty.
    const work = () => writeTables(client, unfinished);
    const rows = await whileShapeStays(databaseUrl, work, onWait ? { onWait } : {});
    await checkBackup(unfinished);
    return rows;
  };
  try {
    const rows = await Promise.race([written(), aborted]);
    await rename(unfinished, file);
    await noteBackup(databaseUrl);
    return rows;
  } finally {
    client.release(true);
    await rm(unfinished, { force: true });
  }
}

async function writeTables(client: PoolClient, file: string): Promise<Trailer["rows"]> {
  await beginSnapshot(client);
  if (!(await hasRecords(client)))
    throw new Error("the database holds no installation, so there is nothing to back up");
  const writer = await openWriter(file);
  const { rows: migrations } = await client.query<{ name: string }>(
    `select migration_name as name from _prisma_migrations
     where finished_at is not null and rolled_back_at is null order by migration_name`,
  );
  const header: Header = {
    format: "front-desk-backup",
    version: 1,
    createdAt: new Date().toISOString(),
    migrations: migrations.map(({ name }) => name),
  };
  try {
    await writer.line(JSON.stringify(header));
    const rows: Trailer["rows"] = {};
    for (const table of (await readTables(client)).filter(({ isLogged }) => isLogged)) {
      await writer.line(JSON.stringify({ table: table.name, columns: table.columns }));
      const copy = client.query(copyTo(`copy ${quoteName(table.name)} (${columnList(table)}) to stdout`));
      let count = 0;
      for await (const line of splitLines(copy)) {
        await writer.line(line);
        count++;
      }
      await writer.line(endOfRows);
      rows[table.name] = count;
    }
    await writer.end(rows);
    await client.query("commit");
    return rows;
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/**
 * Begins the transaction of the backup. The lock that keeps migrations away from the primary does not reach a standby, and a
 * table that a migration rewrites reads as empty in an earlier snapshot. On a standby the tables are therefore locked before the
 * snapshot is taken: it then waits with the migration, or ends the backup with an error.
 */
async function beginSnapshot(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ isStandby: boolean }>(`select pg_is_in_recovery() as "isStandby"`);
  const tables = rows[0]?.isStandby ? (await readTables(client)).filter(({ isLogged }) => isLogged) : [];
  await client.query("begin isolation level repeatable read read only");
  if (tables.length > 0)
    await client.query(`lock table ${tables.map(({ name }) => quoteName(name)).join(", ")} in access share mode`);
  await liftTimeLimits(client);
}

/** Only its owner may read it: it holds people's data and the hashes of their passwords. */
async function openWriter(file: string) {
  const gzip = createGzip();
  const out = (await open(file, "wx", 0o600)).createWriteStream();
  const written = pipeline(gzip, out);
  // A full disk is reported at the next write, or at the end.
  written.catch(() => {});
  const digest = createHash("sha256");
  const write = async (text: string): Promise<void> => {
    if (!gzip.write(text)) await Promise.race([once(gzip, "drain"), written]);
  };
  return {
    async line(text: string): Promise<void> {
      digest.update(`${text}\n`);
      await write(`${text}\n`);
    },
    async end(rows: Trailer["rows"]): Promise<void> {
      await write(`${JSON.stringify({ rows, digest: digest.digest("hex") } satisfies Trailer)}\n`);
      gzip.end();
      await written;
    },
    /** Closes the file as it is. */
    abandon: () => void gzip.destroy(),
  };
}

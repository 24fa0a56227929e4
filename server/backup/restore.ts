import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { prismaFolder } from "../database/migrate";
import { newPart } from "../identity/marks";
import { BackupFileError } from "./format";
import { checkBackup, readBackup } from "./read";
import { columnList, quoted, readTables } from "./tables";

/** What stands in a database that is to be restored into. */
export interface Occupied {
  users: number;
  /** Other connections: a site that still runs would go on writing. */
  connections: number;
}

/** What restoring would overwrite; no users where the database is empty or has no tables. */
export async function readOccupied(databaseUrl: string): Promise<Occupied> {
  return withClient(databaseUrl, async (client) => {
    const { rows: found } = await client.query<{ exists: boolean }>(
      `select to_regclass('"User"') is not null as exists`,
    );
    const { rows: users } = found[0]?.exists
      ? await client.query<{ count: number }>(`select count(*)::int as count from "User"`)
      : { rows: [{ count: 0 }] };
    const { rows: others } = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    return { users: users[0]?.count ?? 0, connections: others[0]?.count ?? 0 };
  });
}

/**
 * Puts a backup in the place of everything that the database holds, in one transaction: it is restored whole, or nothing
 * has changed. The tables are built by the migrations of the backup's time; newer ones follow at the next start. What
 * happened after the backup is not known to it, so the restored database gets a new part of its mark, which
 * keeps registrations that were made since from being taken for new ones with the same numbers, and the queue is
 * paused until an administrator has looked. Throws BackupFileError.
 */
export async function restoreBackup(
  databaseUrl: string,
  file: string,
  { folder = prismaFolder() }: { folder?: string } = {},
): Promise<Record<string, number>> {
  const { migrations } = await checkBackup(file);
  const scripts = await Promise.all(migrations.map((name) => readScript(folder, name)));
  return withClient(databaseUrl, async (client) => {
    await client.query("begin");
    const schema = (await client.query<{ name: string }>("select current_schema() as name")).rows[0]?.name ?? "public";
    await client.query(`drop schema ${quoted(schema)} cascade; create schema ${quoted(schema)}`);
    await client.query("drop schema if exists pgboss cascade");
    for (const script of scripts) await client.query(script);
    await client.query(migrationsTable);
    const rows = await fill(client, file);
    await client.query(`update "Installation" set "part" = $1`, [newPart()]);
    await client.query(
      `update "CrmPortal" set "pausedBy" = 'admin', "pauseCode" = null, "pausedAt" = now(), "probeAt" = null`,
    );
    await client.query("commit");
    return rows;
  });
}

async function fill(client: pg.Client, file: string): Promise<Record<string, number>> {
  const known = new Map((await readTables(client)).map((table) => [table.name, table]));
  // The rows are as the triggers left them; running those again would count everything twice.
  for (const name of known.keys()) await client.query(`alter table ${quoted(name)} disable trigger user`);
  // A migration may have put rows into a table that the backup brings as well.
  await client.query(`truncate ${[...known.keys()].map(quoted).join(", ")}`);
  const rows: Record<string, number> = {};
  let copy: Writable | undefined;
  let name = "";
  for await (const part of readBackup(file)) {
    if (part.kind === "table") {
      name = part.table.table;
      if (!known.has(name)) throw new BackupFileError(`the backup has a table ${name} that its migrations do not make`);
      copy = client.query(
        copyFrom(`copy ${quoted(name)} (${columnList({ name, columns: part.table.columns })}) from stdin`),
      );
      rows[name] = 0;
    } else if (part.kind === "row" && copy) {
      rows[name] = (rows[name] ?? 0) + 1;
      if (!copy.write(`${part.line}\n`)) await Promise.race([once(copy, "drain"), finished(copy)]);
    } else if (part.kind === "end" && copy) {
      copy.end();
      await finished(copy);
    }
  }
  for (const table of known.keys()) await client.query(`alter table ${quoted(table)} enable trigger user`);
  await client.query(`do $$
    declare s record;
    begin
      for s in select c.relname as tab, a.attname as col, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as seq
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
          and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null
      loop
        execute format('select setval(%L, greatest((select max(%I) from %I), 1), (select count(*) > 0 from %I))', s.seq, s.col, s.tab, s.tab);
      end loop;
    end $$`);
  return rows;
}

/** As Prisma makes it before the first migration. */
const migrationsTable = `create table _prisma_migrations (
  id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
  migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
  started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`;

async function readScript(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, "migrations", name, "migration.sql"), "utf8");
  } catch {
    throw new BackupFileError(`the backup is of a newer release: this one does not know the migration ${name}`);
  }
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

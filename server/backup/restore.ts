import type { ClientBase } from "pg";
import { quoteName, searchPathOf } from "../database/address";
import { assertNotForeign } from "../database/foreign-tables";
import { prismaFolder, readMigrations } from "../database/migration-files";
import { lockShape } from "../database/migration-lock";
import { createRecords } from "../database/migration-records";
import { clearSchema, prepareSchema } from "../database/schema";
import { assertServerFits } from "../database/server-fits";
import { withSession } from "../database/session";
import { newPart } from "../identity/marks";
import { silencing } from "../identity/silence";
import { schemaOf } from "../platform/database-schema";
import { queueSchemaOf } from "../queue/queue";
import { type EndedAgain, endAgain, noteEnded } from "./ended-since";
import { BackupFileError } from "./format";
import { assertUnused } from "./occupied";
import { checkBackup, readBackup } from "./read";
import { TableCopy } from "./table-copy";
import { hasTable, readTables } from "./tables";

/** What the operator is told of a restored and migrated database. */
interface Restored {
  /** None if the backup is of before the first one, or all have been demoted since. */
  administrators: number;
  /**
   * Of a person. A higher number is given out again, so that it need not mean the person who had it before the restore.
   */
  highestNumber: number;
}

export async function readRestored(databaseUrl: string): Promise<Restored> {
  return withSession(databaseUrl, async (client) => {
    const { rows } = await client.query<Restored>(
      `select count(*) filter (where role = 'ADMIN' and "erasedAt" is null)::int as administrators,
         coalesce(max(id), 0) as "highestNumber" from "User"`,
    );
    return rows[0] ?? { administrators: 0, highestNumber: 0 };
  });
}

/**
 * Replaces everything in the installation's schema by a backup, in one transaction: all or nothing. The tables are
 * created by the migrations of the backup's time; newer ones are applied at the next start. The backup knows nothing of
 * later events. Therefore the restored database gets a new part of its external id, so that records of later
 * registrations are not taken for those of new registrations with the same numbers; and the queue is paused and all
 * webhooks are off until an administrator has looked; no retention period erases a person before that and before the
 * portal was compared; mails and messages that waited are ended, alerts are dropped, and mailed links for a new
 * password or another address stop working. What had ended in the database that is replaced stays so: see
 * ended-since.ts. Throws BackupFileError, and if the schema's tables are another program's.
 *
 * @param unlessInUse throws if others are connected once all starts wait for this restore
 * @param onWait called if migrations or a backup by another process have to end first
 */
export async function restoreBackup(
  databaseUrl: string,
  file: string,
  {
    folder = prismaFolder(),
    unlessInUse = false,
    onWait,
  }: { folder?: string; unlessInUse?: boolean; onWait?: () => void } = {},
): Promise<{ rows: Record<string, number>; ended: EndedAgain | undefined }> {
  const { migrations, createdAt } = await checkBackup(file);
  const known = new Map((await readMigrations(folder)).map(({ name, sql }) => [name, sql]));
  const scripts = migrations.map((name) => scriptOf(known, name));
  return withSession(databaseUrl, async (client) => {
    await assertServerFits(client);
    await client.query("begin");
    // A site that starts during the restore waits for its end.
    await lockShape(client, "exclusive", onWait);
    // A site may have started before, while the operator was asked or the file was read.
    if (unlessInUse) await assertUnused(client, databaseUrl);
    await assertNotForeign(client, known.keys());
    const noted = await noteEnded(client, createdAt);
    const schema = schemaOf(databaseUrl);
    const { path } = await prepareSchema(client, schema);
    await client.query(path);
    await clearSchema(client);
    await client.query(`drop schema if exists ${queueSchemaOf(schema)} cascade`);
    for (const script of scripts) await client.query(script);
    // The scripts' path leads into another installation's schema as well, and a backup of an older release lacks
    // tables.
    await client.query(searchPathOf(schema));
    await createRecords(client);
    const rows = await fill(client, file);
    await client.query(`update "Installation" set "part" = $1`, [newPart()]);
    // A backup of an earlier release does not have it.
    await client.query(`alter table "CrmPortal" add column if not exists "restoredAt" timestamptz(3)`);
    await client.query(
      `update "CrmPortal"
       set "pausedBy" = 'admin', "pauseCode" = null, "pausedAt" = now(), "probeAt" = null, "restoredAt" = now()`,
    );
    for (const { table, statement } of silencing) if (await hasTable(client, table)) await client.query(statement);
    await forgetAlerts(client);
    await endLinks(client);
    const ended = noted ? await endAgain(client, { noted, scripts: known }) : undefined;
    await client.query("commit");
    return { rows, ended };
  });
}

/** Alerts told of the original's troubles; what troubles the restored site is told as its own. */
async function forgetAlerts(client: ClientBase): Promise<void> {
  if (await hasTable(client, "Alert")) await client.query(`delete from "Alert"`);
  // A backup of an older release has fewer of these columns.
  const { rows: columns } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = '"CrmPortal"'::regclass and attname = any($1)`,
    [["alertedCode", "alertedStep", "alertedField", "alertedAt", "waitAlert"]],
  );
  if (columns.length === 0) return;
  const clear = columns.map(({ name }) => `${quoteName(name)} = default`).join(", ");
  await client.query(`update "CrmPortal" set ${clear}`);
}

/**
 * A link for a new password or another address may have been ended since: nothing would tell, and its receiver could
 * take the account over. One that proves the present address stays: its receiver has the mailbox, and a registration
 * may wait for it.
 */
async function endLinks(client: ClientBase): Promise<void> {
  if (await hasTable(client, "PasswordReset")) await client.query(`delete from "PasswordReset"`);
  // A backup of an older release does not have the column, nor links of that purpose.
  if (await hasTable(client, "EmailConfirmation"))
    await client.query(`delete from "EmailConfirmation" c where to_jsonb(c) ->> 'purpose' = 'change'`);
}

async function fill(client: ClientBase, file: string): Promise<Record<string, number>> {
  const known = new Map((await readTables(client)).map((table) => [table.name, table]));
  // The backup's rows include the triggers' effects; running the triggers again would count everything twice.
  for (const name of known.keys()) await client.query(`alter table ${quoteName(name)} disable trigger user`);
  // A migration may have inserted rows that the backup contains as well.
  await client.query(`truncate ${[...known.keys()].map(quoteName).join(", ")}`);
  const rows: Record<string, number> = {};
  let copy: TableCopy | undefined;
  let name = "";
  for await (const part of readBackup(file)) {
    if (part.kind === "table") {
      name = part.table.table;
      if (!known.has(name)) throw new BackupFileError(`the backup has a table ${name} that its migrations do not make`);
      copy = new TableCopy(client, { name, columns: part.table.columns });
      rows[name] = 0;
    } else if (part.kind === "row" && copy) {
      rows[name] = (rows[name] ?? 0) + 1;
      await copy.write(part.line);
    } else if (part.kind === "end" && copy) {
      await copy.end();
    }
  }
  for (const table of known.keys()) await client.query(`alter table ${quoteName(table)} enable trigger user`);
  await client.query(`do $$
    declare s record;
    begin
      for s in select c.relname as tab, a.attname as col, pg_get_serial_sequence(quote_ident(c.relname), a.attname) as seq
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = quote_ident(current_schema())::regnamespace and c.relkind = 'r'
          and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null
      loop
        execute format('select setval(%L, greatest((select max(%I) from %I), 1), (select count(*) > 0 from %I))', s.seq, s.col, s.tab, s.tab);
      end loop;
    end $$`);
  return rows;
}

function scriptOf(known: Map<string, string>, name: string): string {
  const script = known.get(name);
  if (script === undefined)
    throw new BackupFileError(`the backup is of a newer release: this one does not know the migration ${name}`);
  return script;
}

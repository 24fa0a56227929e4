import { setTimeout as sleep } from "node:timers/promises";
import type { ClientBase } from "pg";
import { applicationNames } from "../database/address";
import { assertNotForeign } from "../database/foreign-tables";
import { migrationNames, prismaFolder } from "../database/migration-files";
import { waitsForShape } from "../database/migration-lock";
import { withSession } from "../database/session";
import { schemaOf } from "../platform/database-schema";
import { hasTable } from "./tables";

/** So often the connections are counted before a restore is refused because of them. */
const looks = 10;
const betweenLooksMs = 300;

/** What a database holds before a restore. */
interface Occupied {
  users: number;
  /** Connections other than those of other installations: a site that still runs would go on writing. */
  usedBy: Use[];
}

/** Connections of one program and account, from one place. */
interface Use {
  program: string;
  account: string;
  /** In words, such as "from 10.0.0.5" and "over a local socket". */
  origin: string;
  count: number;
}

/** What a restore would overwrite; no users if the database is empty. Throws if its tables are another program's. */
export async function readOccupied(databaseUrl: string): Promise<Occupied> {
  const names = await migrationNames(prismaFolder());
  return withSession(databaseUrl, async (client) => {
    await assertNotForeign(client, names);
    const { rows: users } = (await hasTable(client, "User"))
      ? await client.query<{ count: number }>(`select count(*)::int as count from "User"`)
      : { rows: [{ count: 0 }] };
    return { users: users[0]?.count ?? 0, usedBy: await readUses(client, databaseUrl) };
  });
}

/**
 * Without processes that start and wait for this restore, or for what holds it up: they have read nothing yet. Of other
 * accounts' sessions PostgreSQL tells an account without pg_read_all_stats neither kind nor address, but program and
 * account. Without an account are PostgreSQL's own processes, such as autovacuum.
 */
async function readUses(client: ClientBase, databaseUrl: string): Promise<Use[]> {
  const { own, all } = applicationNames(schemaOf(databaseUrl));
  // A transaction sees the connections of its first look.
  await client.query("select pg_stat_clear_snapshot()");
  const { rows } = await client.query<Use>(
    `select application_name as program, usename as account, count(*)::int as count,
       case when client_port = -1 then 'over a local socket'
         when client_addr is null then 'from an address that is not told'
         else 'from ' || host(client_addr) end as origin
     from pg_stat_activity a
     where datname = current_database() and pid <> pg_backend_pid() and usename is not null
       and coalesce(backend_type, 'client backend') = 'client backend'
       and (application_name = any($1) or split_part(application_name, ':', 1) <> all($2))
       and not ${waitsForShape}
     group by 1, 2, 4 order by 3 desc, 1, 2, 4`,
    [own, all],
  );
  return rows;
}

/** Says which programs are to be ended: not all of them are a site's or a worker's. */
export function wordsOfUse(usedBy: Use[]): string {
  const uses = usedBy.map(
    ({ program, account, origin, count }) =>
      `${program || "a program without a name"} as ${account} ${origin} (${count})`,
  );
  return `the database is in use by: ${uses.join(", ")}. Stop the site and the worker first, and what else is named here`;
}

/** Throws if others are connected. A busy server lists a connection that was closed, ours of before say, for a moment more. */
export async function assertUnused(client: ClientBase, databaseUrl: string): Promise<void> {
  for (let look = 1; ; look++) {
    const usedBy = await readUses(client, databaseUrl);
    if (usedBy.length === 0) return;
    if (look === looks) throw new Error(wordsOfUse(usedBy));
    await sleep(betweenLooksMs);
  }
}

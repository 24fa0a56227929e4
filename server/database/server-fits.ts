import type { ClientBase } from "pg";
import type { Logger } from "../platform/log";

/** As README.md and docs/reference.md say. */
const oldestVersion = 14;

const remedy = "createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0";

/** SQL: whether the database's rules know small and capital letters beyond the Latin ones. Of a database in UTF8 only. */
export const isCasedSql = `lower('Ё') = 'ё'`;

/**
 * Throws, in words, where this code does not work in the database, before the first migration would end somewhere in the middle.
 * A database that only searches worse is told.
 */
export async function assertServerFits(client: ClientBase, log?: Logger, oldest = oldestVersion): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string; triggers: string }>(
    `select current_setting('server_version_num')::int / 10000 as version, getdatabaseencoding() as encoding,
       current_setting('session_replication_role') as triggers`,
  );
  const { version = 0, encoding = "", triggers } = rows[0] ?? {};
  if (version < oldest) throw new Error(`PostgreSQL ${version} is too old: ${oldest} or newer is needed.`);
  if (encoding !== "UTF8")
    throw new Error(`The database has the encoding ${encoding}, and UTF8 is needed: make it by ${remedy}.`);
  // Only a superuser may set it, or take it back. Triggers keep the counts and write what webhooks tell.
  if (triggers === "replica")
    throw new Error(
      "The role's sessions run no triggers, which this code needs: let a superuser reset session_replication_role.",
    );
  const { rows: cased } = await client.query<{ isCased: boolean }>(`select ${isCasedSql} as "isCased"`);
  if (!cased[0]?.isCased)
    log?.warn(
      `the database does not know which letters beyond the Latin ones are capital: names are found only as they are written. Make it by ${remedy}`,
    );
}

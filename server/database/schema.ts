import type { ClientBase, DatabaseError } from "pg";
import { quoteName } from "./address";

/** PostgreSQL's codes if a role may not create in `public`, and if `public` does not exist. */
const insufficientPrivilege = "42501";
const noSuchSchema = "3F000";

/**
 * Prepares the schema for migrations, inside a transaction, and returns the search path for their scripts. An extension
 * exists once per database, in any schema, and scripts must find it. Its schema comes last, since it may hold other
 * tables.
 */
export async function prepareSchema(client: ClientBase, schema: string): Promise<{ path: string }> {
  const { rows } = await client.query<{ exists: boolean }>(`select to_regnamespace($1) is not null as exists`, [
    quoteName(schema),
  ]);
  // `create schema if not exists` needs the right to create schemas even if the schema exists.
  if (!rows[0]?.exists) await client.query(`create schema if not exists ${quoteName(schema)}`);
  const found = await placesOfTrigrams(client);
  const places = found.length > 0 ? found : await makeTrigrams(client);
  const path = [...new Set([schema, ...places])].map(quoteName).join(", ");
  return { path: `set local search_path = ${path}` };
}

async function placesOfTrigrams(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(
    `select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`,
  );
  return rows.map((row) => row.schema);
}

/** Creates pg_trgm where every installation of the database finds it, and none drops it with its own schema. */
async function makeTrigrams(client: ClientBase): Promise<string[]> {
  await client.query("savepoint trigrams");
  try {
    await client.query("create extension if not exists pg_trgm with schema public");
  } catch (error) {
    const { code } = error as DatabaseError;
    if (code !== insufficientPrivilege && code !== noSuchSchema) throw error;
    await client.query("rollback to savepoint trigrams");
    await client.query("create schema if not exists extensions");
    await client.query("grant usage on schema extensions to public");
    await client.query("create extension if not exists pg_trgm with schema extensions");
  }
  return placesOfTrigrams(client);
}

const ofExtension =
  "exists (select 1 from pg_depend d where d.classid = o.tableoid and d.objid = o.oid and d.deptype = 'e')";

/** Whether the schema has any tables; those of extensions do not count. */
export async function hasTables(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from pg_class o where relnamespace = quote_ident(current_schema())::regnamespace
     and relkind in ('r', 'p', 'v', 'm', 'f') and not ${ofExtension} limit 1`,
  );
  return (rowCount ?? 0) > 0;
}

/**
 * Removes everything from the session's schema except what belongs to extensions, which other installations of the
 * database may use. The schema itself and its privileges stay.
 */
export async function clearSchema(client: ClientBase): Promise<void> {
  // All statements are generated before the first is run: an object dropped by a cascade has no name any more.
  const { rows } = await client.query<{ statement: string }>(`
    select format('drop %s if exists %I.%I cascade', kind, current_schema(), relname) as statement
    from pg_class o join (values ('r', 'table'), ('p', 'table'), ('v', 'view'), ('m', 'materialized view'),
      ('f', 'foreign table'), ('S', 'sequence')) kinds (relkind, kind) on kinds.relkind = o.relkind::text
    where relnamespace = quote_ident(current_schema())::regnamespace and not ${ofExtension}
    union all
    select format('drop routine if exists %I.%I(%s) cascade', current_schema(), proname,
      pg_get_function_identity_arguments(o.oid))
    from pg_proc o where pronamespace = quote_ident(current_schema())::regnamespace and not ${ofExtension}
    union all
    select format('drop type if exists %I.%I cascade', current_schema(), typname)
    from pg_type o left join pg_class c on c.oid = o.typrelid
    where typnamespace = quote_ident(current_schema())::regnamespace and (typtype in ('e', 'd', 'r') or c.relkind = 'c')
      and not ${ofExtension}`);
  for (const { statement } of rows) await client.query(statement);
}

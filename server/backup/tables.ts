import type { ClientBase } from "pg";
import { quoteName } from "../database/address";

export interface Table {
  name: string;
  /** Without generated columns, which the database fills in. */
  columns: string[];
}

/** `isLogged`: false if PostgreSQL keeps the table from its log, so that it is empty after a crash and cannot be read on a standby. */
type KnownTable = Table & { isLogged: boolean };

/**
 * The product's tables without those of extensions, referenced tables first, so that they can be filled in this order.
 */
export async function readTables(client: ClientBase): Promise<KnownTable[]> {
  const { rows: tables } = await client.query<KnownTable>(
    `select c.relname as name, c.relpersistence = 'p' as "isLogged",
       array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = quote_ident(current_schema())::regnamespace and c.relkind = 'r'
       and not exists (select 1 from pg_depend d where d.classid = c.tableoid and d.objid = c.oid and d.deptype = 'e')
     group by c.relname, c.relpersistence order by c.relname`,
  );
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `select f.conrelid::regclass::oid, c.relname as "from", t.relname as "to"
     from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_class t on t.oid = f.confrelid
     where f.contype = 'f' and f.connamespace = quote_ident(current_schema())::regnamespace and f.conrelid <> f.confrelid`,
  );
  const ordered: KnownTable[] = [];
  const waiting = [...tables];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name }) =>
      references.every(({ from, to }) => from !== name || ordered.some((table) => table.name === to)),
    );
    if (next < 0) throw new Error("the tables refer to each other in a circle");
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** Whether the schema has the table: a backup of an older release does not have every one. */
export async function hasTable(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [
    quoteName(name),
  ]);
  return rows[0]?.exists ?? false;
}

export const columnList = ({ columns }: Table): string => columns.map(quoteName).join(", ");

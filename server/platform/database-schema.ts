/**
 * The `?schema=` of the database's address, as in Prisma. An installation keeps everything in that schema, so several
 * may share a database. The default is `public`.
 */
export const usualSchema = "public";

const schemaNameBytes = 63;

/** The schema in the database's address. */
export function schemaOf(databaseUrl: string): string {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(databaseUrl) ?? [];
  return new URLSearchParams(query).get("schema") || usualSchema;
}

/**
 * Whether an installation may use a schema of that name: PostgreSQL reserves `pg_` and truncates longer names,
 * `pgboss…` may be another installation's queue, and Prisma does not escape quotation marks.
 */
export const isSchemaName = (name: string): boolean =>
  Buffer.byteLength(name) <= schemaNameBytes && !/^(pg_|pgboss|information_schema$)|[\0"]/i.test(name);

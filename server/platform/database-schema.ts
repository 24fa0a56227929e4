/**
 * `?schema=` of the database's address, as Prisma has it. Everything of an installation is in that schema, so several may
 * share a database. Without it everything is in `public`.
 */
export const usualSchema = "public";

const schemaNameBytes = 63;

/** The schema that the address names. */
export function schemaOf(databaseUrl: string): string {
  const [, query = ""] = /^[^?#]*\?([^#]*)/.exec(databaseUrl) ?? [];
  return new URLSearchParams(query).get("schema") || usualSchema;
}

/**
 * Whether an installation may live in a schema of that name: PostgreSQL keeps `pg_` for itself and cuts longer names,
 * what begins with `pgboss` may be the queue of another installation, and Prisma escapes no quotation mark.
 */
export const isSchemaName = (name: string): boolean =>
  Buffer.byteLength(name) <= schemaNameBytes && !/^(pg_|pgboss|information_schema$)|[\0"]/i.test(name);

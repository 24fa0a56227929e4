import { createHash } from "node:crypto";
import type { ClientConfig, Pool } from "pg";
import { schemaOf, usualSchema } from "../platform/database-schema";

export const schemaOfPool = (pool: Pool): string => schemaOf(pool.options.connectionString ?? "");

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * SQL: unqualified names mean this installation's tables. By default PostgreSQL would first search a schema with the role's own
 * name, which may belong to another installation.
 */
export const searchPathOf = (schema: string): string => `set search_path = ${quoteName(schema)}`;

const programs = { pool: "front-desk", leader: "crm-leader" } as const;

/** The session's application_name: it tells this installation's sessions from others on the same database. */
export const applicationName = (schema: string, program: keyof typeof programs): string =>
  (schema === usualSchema ? programs[program] : `${programs[program]}:${encodeURIComponent(schema)}`).slice(0, 63);

/** The application names of this installation's sessions, and the prefixes of those of every installation. */
export const applicationNames = (schema: string): { own: string[]; all: string[] } => ({
  own: [applicationName(schema, "pool"), applicationName(schema, "leader")],
  all: Object.values(programs),
});

export const sessionOf = (databaseUrl: string, program: keyof typeof programs): ClientConfig => ({
  connectionString: databaseUrl,
  application_name: applicationName(schemaOf(databaseUrl), program),
});

/**
 * Lock keys per schema: installations in one database must not wait for each other's locks. The default schema keeps
 * the base key, for compatibility.
 */
export function lockKeyOf(base: number, schema: string): string {
  if (schema === usualSchema) return String(base);
  return createHash("sha256").update(`${base}:${schema}`).digest().readBigInt64BE().toString();
}

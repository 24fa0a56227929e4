import { createHash } from "node:crypto";
import type { ClientConfig, Pool } from "pg";
import { schemaOf, usualSchema } from "../platform/database-schema";

export const schemaOfPool = (pool: Pool): string => schemaOf(pool.options.connectionString ?? "");

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * To be run first in every session: unqualified names mean this installation's tables, and no other's. Without it a role
 * would find tables in a schema of its own name first, which may be another installation's. Not a parameter of the
 * connection, which poolers refuse.
 */
export const searchPathOf = (schema: string): string => `set search_path = ${quoteName(schema)}`;

const programs = { pool: "front-desk", leader: "crm-lease" } as const;

/** What a session calls itself: others of the same database can be told from those of this installation. */
export const applicationName = (schema: string, program: keyof typeof programs): string =>
  (schema === usualSchema ? programs[program] : `${programs[program]}:${encodeURIComponent(schema)}`).slice(0, 63);

/** The names that sessions of this installation have, and the beginnings of those of every installation. */
export const applicationNames = (schema: string): { own: string[]; all: string[] } => ({
  own: [applicationName(schema, "pool"), applicationName(schema, "leader")],
  all: Object.values(programs),
});

export const sessionOf = (databaseUrl: string, program: keyof typeof programs): ClientConfig => ({
  connectionString: databaseUrl,
  application_name: applicationName(schemaOf(databaseUrl), program),
});

/** Installations of one database must not wait for each other's locks; the usual schema keeps the number it always had. */
export function lockKeyOf(base: number, schema: string): string {
  if (schema === usualSchema) return String(base);
  return createHash("sha256").update(`${base}:${schema}`).digest().readBigInt64BE().toString();
}

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Pool } from "pg";

/**
 * Where the database has one of the words: table, column and how often. Every table of every schema is read as text,
 * the queue's own included, so that a forgotten place is found as well.
 */
export async function searchDatabase(pool: Pool, words: string[]): Promise<string[]> {
  const { rows: tables } = await pool.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const found: string[] = [];
  for (const { schema, name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${schema}"."${name}" t`,
    );
    for (const { row } of rows) found.push(...hits(readable(row), words).map((word) => `${schema}.${name}: ${word}`));
  }
  return found;
}

/** What the private PostgreSQL has logged since the run began. */
export async function readPostgresLog(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ data_directory: string }>("show data_directory");
  return readFile(join(dirname(rows[0]?.data_directory ?? ""), "log"), "utf8");
}

/** The words that occur in the text, in any case. */
export const hits = (text: string, words: string[]): string[] => {
  const lower = text.toLowerCase();
  return words.filter((word) => lower.includes(word.toLowerCase()));
};

/** A file's bytes stand there in hex. */
const readable = (row: string): string =>
  row.replace(/\\\\x([0-9a-f]{2,})/g, (_, hex: string) => {
    const bytes = Buffer.from(hex, "hex");
    return `${bytes.toString("utf8")} ${bytes.toString("utf16le")} ${new TextDecoder("windows-1251").decode(bytes)}`;
  });

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface MigrationFile {
  name: string;
  sql: string;
}

/** The migrations of prisma/migrations in order. */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const names = await migrationNames(folder);
  return Promise.all(
    names.map(async (name) => ({
      name,
      sql: await readFile(join(folder, "migrations", name, "migration.sql"), "utf8"),
    })),
  );
}

export async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "migrations"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export const checksumOf = (sql: string): string => createHash("sha256").update(sql).digest("hex");

/** Whether the file equals what was applied, regardless of line endings. */
export function isUnchanged({ sql }: MigrationFile, checksum: string): boolean {
  const lines = sql.replaceAll("\r\n", "\n");
  return [sql, lines, lines.replaceAll("\n", "\r\n")].some((text) => checksumOf(text) === checksum);
}

/** The project's prisma folder, found from the source as well as from the bundle in build/server. */
export function prismaFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "prisma/schema.prisma"))) return join(folder, "prisma");
    if (folder === dirname(folder))
      throw new Error(`There is no prisma/schema.prisma in any folder above ${import.meta.dirname}.`);
  }
}

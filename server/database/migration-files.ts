import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface MigrationFile {
  name: string;
  sql: string;
}

/** prisma/migrations in the order in which they apply. */
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

/** Whether the file is what was applied, whichever line ends a checkout has given it. */
export function isUnchanged({ sql }: MigrationFile, checksum: string): boolean {
  const lines = sql.replaceAll("\r\n", "\n");
  return [sql, lines, lines.replaceAll("\n", "\r\n")].some((text) => checksumOf(text) === checksum);
}

/** prisma/ of the project, seen from the source as well as from the bundle in build/server. */
export function prismaFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "prisma/schema.prisma"))) return join(folder, "prisma");
    if (folder === dirname(folder))
      throw new Error(`There is no prisma/schema.prisma in any folder above ${import.meta.dirname}.`);
  }
}

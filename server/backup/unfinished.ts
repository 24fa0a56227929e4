import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A backup that is written or read again changes its file, or has its name, long before. */
const abandonedAfterMs = 6 * 3_600_000;

/** The name of a backup's file until it is verified; of its own, since several may be written at once. */
export const unfinishedName = (file: string): string => `${file}.unfinished-${process.pid}`;

/**
 * Removes what backups that were killed have left in the folder of this file: people's data under names that nothing else
 * would look for. Told by age, since the process may be one of another container.
 */
export async function removeAbandoned(file: string): Promise<void> {
  const folder = dirname(file);
  const names = (await readdir(folder)).filter((name) => /\.unfinished-\d+$/.test(name) && name !== basename(file));
  for (const name of names) {
    const path = join(folder, name);
    // Another backup may remove it at the same time.
    const age = Date.now() - (await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now));
    if (age > abandonedAfterMs) await rm(path, { force: true });
  }
}

import { randomInt } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A backup that is written or read again changes its file, or has its name, long before. */
const abandonedAfterMs = 6 * 3_600_000;

/**
 * The name of a backup's file until it is verified. Of its own, since several may be written at once; by chance, since the
 * processes of several containers have the same numbers.
 */
export const unfinishedName = (file: string): string => `${file}.unfinished-${randomInt(2 ** 47)}`;

/**
 * Removes what backups that were killed have left in the folder of this file: people's data under names that nothing else
 * would look for. Told by age, since the process may be one of another container. Never throws: what may not be listed or
 * removed must not keep the next backup from being written.
 */
export async function removeAbandoned(file: string): Promise<void> {
  const folder = dirname(file);
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries) {
    if (!entry.isFile() || !/\.unfinished-\d+$/.test(entry.name) || entry.name === basename(file)) continue;
    const path = join(folder, entry.name);
    // Another backup may remove it at the same time.
    const age = Date.now() - (await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now));
    if (age > abandonedAfterMs) await rm(path, { force: true }).catch(() => {});
  }
}

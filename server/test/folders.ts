import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../database/embedded/is-alive";
import { isPostmasterOf } from "../database/embedded/postmaster";
import { ifAbandoned } from "../platform/if-abandoned";

const prefix = "registration-test-";

/** In memory where there is room: containers often have a small /dev/shm. */
function base(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize > 2 ** 30) return "/dev/shm";
  } catch {
    // Not on Linux.
  }
  return tmpdir();
}

/** Ends the servers below the folder and removes it, as often as their last writes demand. */
const removal = `
  find "$1" -name postmaster.pid | while read -r file; do
    pid=$(head -n 1 "$file")
    if [ ! -d /proc/self ] || [ "$(readlink "/proc/$pid/cwd")" = "$(dirname "$file")" ]; then kill -QUIT "$pid"; fi
  done
  for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && exit; sleep 0.2; done`;

const watched = new Map<string, () => void>();

/** A folder for whatever a test needs, gone with removeTestFolder() or, at the latest, with this process. */
export function makeTestFolder(): string {
  // Named after this process, so that a later run can tell whether it was abandoned.
  const folder = mkdtempSync(join(base(), `${prefix}${process.pid}-`));
  // Open to the account that root lends PostgreSQL.
  chmodSync(folder, 0o755);
  watched.set(folder, ifAbandoned(removal, [folder]));
  return folder;
}

/** Ends whatever server still runs below this folder, at once and without a shutdown, and removes it. Never throws. */
export function removeTestFolder(folder: string): void {
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      if (basename(name) === "postmaster.pid") quit(dirname(join(folder, name)));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    watched.get(folder)?.();
    watched.delete(folder);
  } catch {
    // Its watcher tries again when this process ends.
  }
}

/** What runs left that were killed together with their watchers. */
export function removeAbandonedFolders(): void {
  for (const name of readdirSync(base()))
    if (name.startsWith(prefix) && !isAlive(Number.parseInt(name.slice(prefix.length), 10)))
      removeTestFolder(join(base(), name));
}

function quit(data: string): void {
  const pid = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
  if (isAlive(pid) && isPostmasterOf(data, pid)) process.kill(pid, "SIGQUIT");
}

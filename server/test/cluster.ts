import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../database/embedded/is-alive";
import { startLocalPostgres } from "../database/embedded/local-postgres";
import { isPostmasterOf } from "../database/embedded/postmaster";
import { createLog } from "../platform/log";

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

/** A folder for clusters; named after this process, so that a later run can tell whether it was abandoned. */
export function makeTestFolder(): string {
  const folder = mkdtempSync(join(base(), `${prefix}${process.pid}-`));
  // Open to the account that root lends PostgreSQL.
  chmodSync(folder, 0o755);
  return folder;
}

/** Ends whatever server still runs below this folder, at once and without a shutdown, and removes it. Never throws. */
export function removeTestFolder(folder: string): void {
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      if (basename(name) === "postmaster.pid") quit(dirname(join(folder, name)));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  } catch {
    // The next run tries again.
  }
}

/** A PostgreSQL for one run of tests, gone without a trace after stop(), or at the latest with this process. */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  for (const name of readdirSync(base()))
    if (name.startsWith(prefix) && !isAlive(Number.parseInt(name.slice(prefix.length), 10)))
      removeTestFolder(join(base(), name));

  const folder = makeTestFolder();
  const cleanUp = () => removeTestFolder(folder);
  process.once("exit", cleanUp);
  const { url, stop } = await startLocalPostgres({
    dir: join(folder, "postgres"),
    database: "app",
    log: createLog("warn"),
  });
  return {
    url,
    stop: async () => {
      await stop();
      cleanUp();
      process.off("exit", cleanUp);
    },
  };
}

function quit(data: string): void {
  const pid = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
  if (isAlive(pid) && isPostmasterOf(data, pid)) process.kill(pid, "SIGQUIT");
}

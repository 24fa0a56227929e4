import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { type FileHandle, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Cluster, giveTo } from "./cluster";
import { freeServerPort, isFreeWithin } from "./free-port";
import { isAlive } from "./is-alive";

export interface Server {
  pid: number;
  port: number;
}

/** The running server, from PostgreSQL's own pid file; undefined if none runs. */
export async function findServer({ data }: Cluster): Promise<Server | undefined> {
  const file = join(data, "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  const [pid, , , port] = text.split("\n").map(Number);
  if (!pid || !port || !isAlive(pid)) return undefined;
  if (isPostmasterOf(data, pid)) return { pid, port };
  // After a crash the process id may belong to another process. PostgreSQL would then refuse to start, so the file must
  // be removed; it is read again, because another starter may just have replaced it.
  if ((await readFile(file, "utf8").catch(() => "")) === text) await rm(file, { force: true });
  return undefined;
}

/**
 * A postmaster's working directory is its cluster; a zombie has none. On systems other than Linux only the process id
 * is checked.
 */
export function isPostmasterOf(data: string, pid: number): boolean {
  if (process.platform !== "linux") return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") return false;
  }
  // Containers may forbid reading another account's process; its name and state are always readable.
  try {
    return /\(postgres\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/**
 * Options of the command line rather than of the cluster's file, so that clusters of earlier releases have them, too.
 */
const options = (port: number): string =>
  // The details of a rejected statement, such as an e-mail address that is taken, must not be logged.
  `-p ${port} -c log_error_verbosity=terse`;

/** How long a start waits for the server's last port before it takes another one. */
const portPatienceMs = 2_000;

/**
 * Starts the server on its last port, so that pools of living processes find it again. pg_ctl gives it a session of its
 * own: Ctrl-C in our terminal must not stop it during our own graceful shutdown. False if it did not start, for example
 * because another process was faster.
 *
 * @param onlyPort Of a process with open pools, which would not learn of another port: while it is taken, nothing starts.
 */
export async function startServer(cluster: Cluster, onlyPort?: number): Promise<boolean> {
  const wanted = onlyPort ?? Number(await readFile(cluster.portFile, "utf8").catch(() => "0"));
  const isFree = wanted !== 0 && (await isFreeWithin(portPatienceMs, wanted));
  if (!isFree && (onlyPort || (await findServer(cluster)))) return false;
  const port = isFree ? wanted : await freeServerPort();
  const log = await openLog(cluster);
  try {
    const arguments_ = ["-D", cluster.data, "-w", "-t", "60", "-l", cluster.logFile, "-o", options(port), "start"];
    if ((await control(cluster, arguments_, log.fd)) !== 0) return false;
    await writeFile(cluster.portFile, String(port));
    await giveTo(cluster, cluster.portFile);
    return true;
  } finally {
    await log.close();
  }
}

/** Closes open sessions and waits until the server has ended. */
export async function stopServer(cluster: Cluster, pid: number): Promise<void> {
  await control(cluster, ["-D", cluster.data, "-W", "-m", "fast", "stop"], "ignore");
  // pg_ctl would wait for the pid file to disappear, which never happens if another process restarts the server.
  while (isAlive(pid) && isPostmasterOf(cluster.data, pid)) await delay(20);
}

/** Truncated when it has grown: nothing else rotates this log. */
async function openLog(cluster: Cluster): Promise<FileHandle> {
  const size = await stat(cluster.logFile).then(
    (file) => file.size,
    () => 0,
  );
  const log = await open(cluster.logFile, size > 1_000_000 ? "w" : "a", 0o600);
  await giveTo(cluster, cluster.logFile);
  return log;
}

async function control(cluster: Cluster, arguments_: string[], output: number | "ignore"): Promise<number | null> {
  // No pipes: the server would inherit them and keep them open.
  const child = spawn(cluster.binaries.path("pg_ctl"), arguments_, {
    ...cluster.account,
    cwd: "/",
    stdio: ["ignore", output, output],
    windowsHide: true,
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

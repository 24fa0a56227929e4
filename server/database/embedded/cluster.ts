import { type ExecFileException, execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { appendFile, chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Account } from "./account";
import type { Binaries } from "./binaries";
import { isAlive } from "./is-alive";

const execute = promisify(execFile);

/** A PostgreSQL cluster: its data and, beside it, the password, the port and the log. */
export interface Cluster {
  data: string;
  password: string;
  portFile: string;
  /** Holds the process id of the server that a guard watches. */
  guardedFile: string;
  logFile: string;
  account: Account;
  binaries: Binaries;
}

const configuration = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 64MB
timezone = 'UTC'
log_timezone = 'UTC'
`;

export const address = ({ password }: Cluster, port: number, database: string): string =>
  `postgres://app:${password}@127.0.0.1:${port}/${database}`;

/** Gives a file that we wrote beside the data to the account that runs PostgreSQL. */
export async function giveTo({ account }: Cluster, file: string): Promise<void> {
  if (account.uid !== undefined) await chown(file, account.uid, account.gid);
}

/** Opens the cluster of this folder; creates it if there is none. */
export async function openCluster(folder: string, account: Account, binaries: Binaries): Promise<Cluster> {
  const data = join(folder, "data");
  if (!existsSync(data)) await createCluster(folder, account, binaries);

  const version = (await readFile(join(data, "PG_VERSION"), "utf8")).trim();
  if (version !== binaries.major)
    throw new Error(
      `${data} was made by PostgreSQL ${version}, but ${binaries.major} is installed. ` +
        `Dump it with PostgreSQL ${version} and restore it, or set DATABASE_URL.`,
    );
  return {
    data,
    password: (await readFile(join(folder, "password"), "utf8")).trim(),
    portFile: join(folder, "port"),
    guardedFile: join(folder, "guarded"),
    logFile: join(folder, "log"),
    account,
    binaries,
  };
}

/**
 * Created under a temporary name and renamed: an interrupted start leaves no partial cluster, and of several
 * simultaneous first starts exactly one succeeds.
 */
async function createCluster(folder: string, account: Account, binaries: Binaries): Promise<void> {
  await removeUnfinished(folder);
  const unfinished = `${folder}.init-${process.pid}-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await chmod(unfinished, 0o755);
    const data = join(unfinished, "data");
    const password = join(unfinished, "password");
    await mkdir(data, { mode: 0o700 });
    await writeFile(password, randomBytes(18).toString("base64url"), { mode: 0o600 });
    if (account.uid !== undefined)
      await Promise.all([data, password].map((path) => chown(path, account.uid, account.gid)));
    await initialize(data, password, account, binaries);
    await appendFile(join(data, "postgresql.conf"), configuration);
    await rename(unfinished, folder);
  } catch (error) {
    if (!existsSync(join(folder, "data"))) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * UTF-8 whatever LANG says: containers have no LANG, and initdb would choose SQL_ASCII. The builtin locale gives case
 * rules that are the same on every machine; pg_trgm needs a UTF-8 character type to recognise letters beyond ASCII.
 */
async function initialize(data: string, password: string, account: Account, binaries: Binaries): Promise<void> {
  const builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const characterTypes = { linux: ["C.UTF-8", "C.utf8", "en_US.UTF-8"], darwin: ["UTF-8", "en_US.UTF-8"] };
  const known = characterTypes[process.platform as keyof typeof characterTypes] ?? [];
  const attempts = [...known.map((type) => [`--lc-ctype=${type}`, ...builtin]), builtin];

  let failure: unknown;
  for (const locale of attempts) {
    try {
      await execute(
        binaries.path("initdb"),
        [
          "-D",
          data,
          "-U",
          "app",
          "--pwfile",
          password,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          ...locale,
        ],
        { ...account, cwd: "/" },
      );
      return;
    } catch (error) {
      failure = error;
      for (const entry of await readdir(data)) await rm(join(data, entry), { recursive: true, force: true });
    }
  }
  throw new Error(
    `The embedded PostgreSQL could not make its cluster (${(failure as ExecFileException).stderr?.trim()}). ` +
      "Mend that, or set DATABASE_URL to a PostgreSQL.",
    { cause: failure },
  );
}

/**
 * Removes the leftovers of killed first starts. The folder of a live process is kept, unless it is so old that its
 * process id must have been reused.
 */
async function removeUnfinished(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.init-`;
  await mkdir(dirname(folder), { recursive: true });
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const path = join(dirname(folder), name);
    const started = await stat(path).then(
      ({ ctimeMs }) => ctimeMs,
      () => 0,
    );
    if (isAlive(Number.parseInt(name.slice(prefix.length), 10)) && Date.now() - started < 600_000) continue;
    // The killed start's initdb may still be writing: retried, and otherwise left to the next first start.
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {});
  }
}

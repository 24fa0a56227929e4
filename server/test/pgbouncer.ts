import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { claimPort } from "./claim-port";
import { makeTestFolder, removeTestFolder } from "./folders";

const program = "/usr/sbin/pgbouncer";

export interface TestPooler {
  /** The database's address through the pooler. */
  url: string;
  stop(): Promise<void>;
}

/** PgBouncer of the system's packages before a database. A machine without it fails, and says what to do. */
export async function startPgBouncer(databaseUrl: string, mode: "transaction" | "session"): Promise<TestPooler> {
  if (!existsSync(program))
    throw new Error(
      "There is no PgBouncer. Install it (Debian: apt-get install pgbouncer); npm test does so where it may.",
    );
  const folder = makeTestFolder();
  const port = await claimPort();
  const file = join(folder, "pgbouncer.ini");
  const target = new URL(databaseUrl);
  const database = decodeURIComponent(target.pathname.slice(1));
  const server = `host=${target.hostname} port=${target.port} user=${decodeURIComponent(target.username)} password=${decodeURIComponent(target.password)}`;
  writeFileSync(
    file,
    `[databases]\n${database} = ${server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\n` +
      `auth_type = any\npool_mode = ${mode}\ndefault_pool_size = 10\nmax_client_conn = 200\n`,
  );
  chmodSync(file, 0o644);
  const child = spawn(program, [file], { stdio: ["ignore", "ignore", "ignore"], ...unprivileged() });
  const url = new URL(databaseUrl);
  url.port = String(port);
  await untilItAnswers(child, url.href);
  return {
    url: url.href,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      removeTestFolder(folder);
    },
  };
}

/** It refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(spawnSync("id", [flag, "nobody"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

async function untilItAnswers(child: ChildProcess, connectionString: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`);
    const client = new pg.Client({ connectionString });
    client.on("error", () => {});
    const answers = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

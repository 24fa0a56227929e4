import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { devNull } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { root } from "./run";

export interface ServerProcess {
  /** Resolves with code and signal when it has ended, for whatever reason. */
  ended: Promise<unknown>;
  /** Resolves once /readyz says yes, at once where nothing listens; rejects if the process ends before. */
  ready: Promise<void>;
  /** Asks it to finish what is in hand and to stop; resolves when it has. */
  stop(): Promise<void>;
  /** SIGTERM. */
  terminate(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
}

interface Options {
  /** Node's arguments: the built server unless something else is said. */
  args?: string[];
  host?: string;
  port: number;
  env: Record<string, string | undefined>;
  /** Where its log goes: our own output, or an open file. */
  output?: "inherit" | number;
  /** False for a worker. */
  listens?: boolean;
}

/** What a child may know of our environment. The product's own variables, a real portal's address say, do not pass. */
const inherited =
  /^(PATH|HOME|USERPROFILE|SYSTEMROOT|TEMP|TMP|TMPDIR|LANG|LC_\w+|TZ|NODE_OPTIONS|NODE_EXTRA_CA_CERTS)$/i;

/**
 * Starts the site as a child that ends when we do, even if we are killed: its channel to us closes, and that stops it.
 */
export function startServer({
  args = ["build/server/index.js"],
  host = "127.0.0.1",
  port,
  env,
  output = "inherit",
  listens = true,
}: Options): ServerProcess {
  const own = Object.entries(process.env).filter(([name]) => inherited.test(name));
  const options: SpawnOptions = {
    cwd: root,
    stdio: ["ignore", output, output, "ipc"],
    env: {
      NODE_ENV: "production",
      ENV_FILE: devNull,
      ...Object.fromEntries(own),
      ...env,
      HOST: host,
      PORT: String(port),
    },
  };
  const child = spawn(process.execPath, args, options);
  const ended = once(child, "exit");
  return {
    ended,
    ready: listens ? whenReady(child, `${addressOf(host, port)}/readyz`) : Promise.resolve(),
    stop: async () => {
      // Not SIGTERM, which Windows does not have.
      if (child.connected) child.disconnect();
      await ended;
    },
    terminate: () => void child.kill("SIGTERM"),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Where a server that listens on this host answers a program of its own machine. */
export function addressOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

async function whenReady(child: ChildProcess, url: string): Promise<void> {
  while (isRunning(child)) {
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await delay(50);
  }
  throw new Error(`The server ended before it was ready (${child.exitCode ?? child.signalCode}); its log says why.`);
}

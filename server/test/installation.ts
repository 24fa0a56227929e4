import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { findPackage } from "../database/embedded/binaries";

/** What a process that uses the launcher is told, and what it says. */
const script = `
  import { startLocalPostgres } from "./local-postgres";
  const log = { info() {}, warn() {}, error: (...words) => console.error(JSON.stringify(words)) };
  const server = await startLocalPostgres({ database: "app", log, ...JSON.parse(process.argv[2]) }).catch((error) => {
    console.log(JSON.stringify({ error: error.message }));
    process.exit(1);
  });
  console.log(JSON.stringify({ url: server.url, adopted: server.adopted }));
  // The process that started it is gone.
  process.stdin.once("end", () => process.exit(1));
  process.stdin.once("data", async () => {
    console.log(JSON.stringify({ outcome: await server.stop() }));
    process.exit(0);
  });
`;

export interface Launched {
  child: ChildProcess;
  /** What its log has of errors, until now. */
  errors(): string;
  /** The next thing it says. */
  said(): Promise<{ url: string; adopted: boolean; outcome: string; error: string }>;
  stop(): Promise<string>;
  /** SIGKILL, and its death awaited. */
  kill(): Promise<void>;
}

export interface Installation {
  folder: string;
  packageFolder: string;
  /** Runs the launcher in a process of its own, as that user. */
  launch(
    options: { dir: string; fallback?: string; database?: string; lookSeconds?: number },
    user?: { uid: number; gid: number },
  ): Launched;
}

/** An installed product in a folder of its own, as `npm ci` and the build leave it: build/server and node_modules. */
export async function install(folder: string): Promise<Installation> {
  const entry = join(folder, "build/server/launch.js");
  await build({
    stdin: { contents: script, resolveDir: join(import.meta.dirname, "../database/embedded") },
    outfile: entry,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["pg-native"],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: "error",
  });
  const source = findPackage();
  const packageFolder = join(folder, source.slice(source.lastIndexOf("node_modules")));
  mkdirSync(packageFolder, { recursive: true });
  cpSync(source, packageFolder, { recursive: true, verbatimSymlinks: true });
  return { folder, packageFolder, launch: (options, user) => launch(entry, options, user) };
}

/** Undoes what the package's install script does: the state after `npm ci --ignore-scripts`. */
export function forgetInstallScript({ packageFolder }: Installation): void {
  const links: { target: string }[] = JSON.parse(readFileSync(join(packageFolder, "native/pg-symlinks.json"), "utf8"));
  for (const { target } of links) rmSync(join(packageFolder, target));
  for (const name of readdirSync(join(packageFolder, "native/bin")))
    chmodSync(join(packageFolder, "native/bin", name), 0o644);
}

function launch(entry: string, options: object, user: { uid: number; gid: number } | undefined): Launched {
  const child = spawn(process.execPath, [entry, JSON.stringify(options)], {
    cwd: "/",
    stdio: ["pipe", "pipe", "pipe"],
    ...user,
  });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors += text;
    process.stderr.write(text);
  });
  // From the beginning: a process that has ended before its last words are read exits no second time.
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A process that has died is noticed by its silence.
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the process ended without a word");
    return JSON.parse(value);
  };
  return {
    child,
    errors: () => errors,
    said,
    stop: async () => {
      child.stdin.write("stop\n");
      const { outcome } = await said();
      await exited;
      return outcome;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

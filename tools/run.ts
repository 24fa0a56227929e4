import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { ifAbandoned } from "../server/platform/if-abandoned";

export const root = resolve(import.meta.dirname, "..");

const tools = {
  biome: "@biomejs/biome/bin/biome",
  knip: "knip/bin/knip.js",
  playwright: "@playwright/test/cli.js",
  prisma: "prisma/build/index.js",
  remix: "@remix-run/dev/dist/cli.js",
  tsc: "typescript/bin/tsc",
  vitest: "vitest/vitest.mjs",
};

interface Options {
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
}

/** Runs one of the project's tools and answers its exit code. */
export const runTool = (tool: keyof typeof tools, args: string[], options?: Options): Promise<number> =>
  run(process.execPath, [resolve(root, "node_modules", tools[tool]), ...args], options);

/** Runs a TypeScript file of the project. */
export const runScript = (path: string, options?: Options): Promise<number> =>
  run(process.execPath, ["--import", "tsx", resolve(root, path)], options);

/** Politely first: a runner then ends what it has started. */
const endIt =
  'kill -TERM "$1" && for second in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 "$1" || exit; done; kill -KILL "$1"';

/**
 * Without a shell in between, which would take signals meant for the program; and without input, so nothing can ask.
 * What was started ends with this process, however that ends.
 */
export async function run(command: string, args: string[], { env, timeoutMs }: Options = {}): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: "SIGKILL" as const }),
  });
  const ended = ifAbandoned(endIt, [String(child.pid ?? "")]);
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code ?? 1;
  } catch (error) {
    console.error(`${command}: ${(error as Error).message}`);
    return 1;
  } finally {
    ended();
  }
}

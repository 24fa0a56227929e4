import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../server/database/embedded/free-port";
import { isStale } from "../tools/freshness";
import { root, runScript } from "../tools/run";

/** A process of the product that a benchmark may ask things of, freeze and kill. */
export interface Product {
  child: ChildProcess;
  /** Where it listens; of a worker nothing answers there. */
  site: string;
  /** Resolves with its end. */
  ended: Promise<unknown>;
}

export interface ProductOptions {
  role: "all" | "web" | "worker";
  databaseUrl: string;
  webhookUrl: string;
  port?: number;
  env?: Record<string, string>;
  /** Options of Node itself. */
  execArgv?: string[];
}

export const sessionSecret = "a-secret-that-only-benchmarks-use";

/** Waits that are not measured are short: what takes minutes on a portal must be over in seconds here. */
export const impatient: Record<string, string> = {
  BITRIX24_REQUESTS_PER_SECOND: "1000",
  BITRIX24_BURST: "1000",
  BITRIX24_TIMEOUT_MS: "1000",
  BITRIX24_SETTLE_MS: "1500",
  BITRIX24_RETRY_BASE_MS: "50",
  BITRIX24_RETRY_MAX_MS: "1000",
};

/** Makes build/server/index.js if it is out of date: benchmarks run what `npm start` runs. */
export async function ensureBuild(): Promise<void> {
  if (isStale("build/server/index.js") && (await runScript("tools/build.ts")) !== 0)
    throw new Error("the build failed");
}

/** Starts the built server with the environment's defaults and resolves when it answers; a worker at once. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const port = options.port ?? (await freePort());
  const site = `http://127.0.0.1:${port}`;
  mkdirSync(join(root, "test-results"), { recursive: true });
  const output = openSync(join(root, "test-results/bench.log"), "a");
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...(options.execArgv ?? []), "build/server/index.js"], {
    cwd: root,
    // Its channel to us closes with us, and that ends it.
    stdio: ["ignore", output, output, "ipc"],
    env: {
      PATH,
      HOME,
      NODE_ENV: "production",
      LOG_LEVEL: "error",
      ROLE: options.role,
      HOST: "127.0.0.1",
      PORT: String(port),
      APP_URL: site,
      DATABASE_URL: options.databaseUrl,
      SESSION_SECRET: sessionSecret,
      BITRIX24_WEBHOOK_URL: options.webhookUrl,
      RATE_LIMIT_REGISTER: "0",
      ...options.env,
    },
  });
  const product = { child, site, ended: once(child, "exit") };
  if (options.role !== "worker") await whenReady(product);
  return product;
}

async function whenReady({ child, site }: Product): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}; see test-results/bench.log`);
    // Killed by us before it was ready: the next start reports readiness instead.
    if (child.signalCode !== null) return;
    const answer = await fetch(`${site}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function stopProduct({ child, ended }: Product): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

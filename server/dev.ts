import { once } from "node:events";
import type { RequestListener } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createServer as createVite } from "vite";
import { isDatabaseReady } from "./database/ready";
import { createHttpServer } from "./http/http-server";
import { createMetrics } from "./http/metrics";
import { watchImports } from "./import/import-watch";
import { readEnv } from "./platform/env";
import { createLog } from "./platform/log";
import { shutdownAsked } from "./platform/shutdown";
import { startServices } from "./start";

/**
 * The site with hot reload. Pools, queue and worker live as long as the process; Express, services and pages are
 * reloaded when edited.
 */

const env = readEnv();
const log = createLog(env.LOG_LEVEL);
const shutdown = new AbortController();
const asked = shutdownAsked({ withinMs: 10_000 });

const { services, worker, stop: stopServices } = await startServices(env, log);
const metrics = createMetrics(services);
const http = createHttpServer();
const ours = process.listeners("SIGTERM");
const vite = await createVite({ server: { middlewareMode: true, hmr: { server: http } } }).catch(closeAndFail);
// Remix's plugin runs two more Vite servers, which answer SIGTERM by ending the process while the database still runs.
for (const listener of process.listeners("SIGTERM")) if (!ours.includes(listener)) process.off("SIGTERM", listener);

let current: { module: unknown; listener: RequestListener } | undefined;

/** The app of the newest code: Vite gives the same module back until something that it imports has changed. */
async function newestApp(): Promise<RequestListener> {
  const module = (await vite.ssrLoadModule("/server/app.ts")) as typeof import("./app");
  if (current?.module !== module) {
    const listener = module.createApp({
      build: () => vite.ssrLoadModule("virtual:remix/server-build") as unknown as Promise<ServerBuild>,
      services,
      production: false,
      assets: vite.middlewares,
      isReady: () => isDatabaseReady(services.pool),
      metrics,
    });
    current = { module, listener };
  }
  return current.listener;
}

http.on("request", (req, res) => {
  newestApp().then(
    (app) => app(req, res),
    (error: Error) => {
      vite.ssrFixStacktrace(error);
      log.error({ err: error }, "the code could not be loaded");
      res.statusCode = 500;
      res.end(error.stack);
    },
  );
});

http.listen(env.PORT, env.HOST);
await once(http, "listening").catch(closeAndFail);
worker?.start();
const imports = watchImports(services, shutdown.signal);
log.info({ address: http.address() }, "listening, with hot reload");

await asked;
shutdown.abort();
http.closeAllConnections();
await Promise.all([vite.close(), worker?.stop(), imports]);
await stopServices();
process.exit(0);

async function closeAndFail(error: unknown): Promise<never> {
  await stopServices();
  throw error;
}

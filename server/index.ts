import { once } from "node:events";
import type { Server } from "node:http";
import { join } from "node:path";
import * as build from "virtual:remix/server-build";
import type { ServerBuild } from "@remix-run/node";
import { createApp } from "./app";
import { migrationsApplied } from "./database/migrate";
import { closeServer } from "./http/close-server";
import { createHttpServer } from "./http/http-server";
import { createMetrics } from "./http/metrics";
import { watchImports } from "./import/import-watch";
import { type Env, readEnv } from "./platform/env";
import { createLog } from "./platform/log";
import { shutdownAsked } from "./platform/shutdown";
import { startTracing } from "./platform/tracing";
import { type Started, startServices } from "./start";

/** Beyond the time of a request to the portal, so that the one in hand can end. */
const stopMarginMs = 15_000;

const env = readEnv();
const log = createLog(env.LOG_LEVEL);
const shutdown = new AbortController();
const asked = shutdownAsked({ withinMs: env.BITRIX24_TIMEOUT_MS + stopMarginMs });

// An uncaught error leaves the process in an unknown state. Every step is saved as it happens, so ending is safe.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (error) => {
    log.fatal({ err: error }, event);
    process.exit(1);
  });

const endTracing = await startTracing(env, log);
const started = await startServices(env, log).catch(fail);
const server = env.ROLE === "worker" ? undefined : await listen(env, started).catch(closeAndFail);
started.worker?.start();
const imports = server && watchImports(started.services, shutdown.signal);

log.info({ reason: await asked }, "stopping");
shutdown.abort();
// Requests in hand still need the database: it goes last.
await Promise.all([server && closeServer(server), started.worker?.stop(), imports]);
await started.stop();
await endTracing();
log.info("stopped");
process.exit(0);

function fail(error: unknown): never {
  log.fatal({ err: error }, "start failed");
  process.exit(1);
}

async function closeAndFail(error: unknown): Promise<never> {
  await started.stop();
  return fail(error);
}

async function listen(env: Env, { services }: Started): Promise<Server> {
  const app = createApp({
    build: build as unknown as ServerBuild,
    services,
    production: true,
    // Beside the bundle, wherever the process was started.
    assets: join(import.meta.dirname, "../client"),
    isReady: () => migrationsApplied(services.pool),
    metrics: createMetrics(services),
  });
  const server = createHttpServer(app);
  server.listen(env.PORT, env.HOST);
  await once(server, "listening");
  log.info({ address: server.address() }, "listening");
  return server;
}

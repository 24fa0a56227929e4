import { once } from "node:events";
import type { Server } from "node:http";
import { join } from "node:path";
import * as build from "virtual:remix/server-build";
import type { ServerBuild } from "@remix-run/node";
import { createApp } from "../app";
import { isDatabaseReady } from "../database/ready";
import { watchImports } from "../import/import-watch";
import type { Services } from "../services";
import { closeServer } from "./close-server";
import { createHttpServer } from "./http-server";
import { createMetrics } from "./metrics";

/**
 * What serves pages: Express, Remix and all routes. server/index.ts imports it only in a process that does so, since a worker
 * would keep some fifteen megabytes of it for nothing.
 */
export async function openSite(services: Services): Promise<{ close(): Promise<unknown> }> {
  const { env, log } = services;
  const app = createApp({
    build: build as unknown as ServerBuild,
    services,
    production: true,
    // Beside the bundle, wherever the process was started.
    assets: join(import.meta.dirname, "../client"),
    isReady: () => isDatabaseReady(services.pool),
    metrics: createMetrics(services),
  });
  const server = createHttpServer(app);
  await listen(server, env);
  log.info({ address: server.address() }, "listening");
  const shutdown = new AbortController();
  const imports = watchImports(services, shutdown.signal);
  return {
    close: () => {
      shutdown.abort();
      return Promise.all([closeServer(server), imports]);
    },
  };
}

async function listen(server: Server, { PORT, HOST }: Services["env"]): Promise<void> {
  server.listen(PORT, HOST);
  await once(server, "listening");
}

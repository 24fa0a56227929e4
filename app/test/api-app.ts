import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UNSAFE_flatRoutes as flatRoutes } from "@remix-run/dev";
import type { AppLoadContext, ServerBuild } from "@remix-run/node";
import { createApp } from "~server/app";
import { createAttemptLimit } from "~server/attempts/attempt-limit";
import { createApiToken, revokeApiToken } from "~server/auth/api-tokens";
import { createTokenGuard } from "~server/auth/token-guard";
import { openConsents } from "~server/consents/consents";
import { openForms } from "~server/forms/forms";
import { createHttpServer } from "~server/http/http-server";
import { parseEnv } from "~server/platform/env";
import { createLog } from "~server/platform/log";
import { createQueue } from "~server/queue/queue";
import type { Services } from "~server/services";
import { createTestDatabase } from "~server/test/database";
import { makeAdmin, makeUser } from "~server/test/factories";
import { remixBuild } from "~server/test/remix-build";
import { sessionCookieOf } from "~server/test/sign-in";

export interface ApiApp {
  services: Services;
  /** What a loader or action gets, for calling one without the server. */
  context: AppLoadContext;
  /** What the server has logged. */
  lines: string[];
  /** Host and port. */
  address: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

/** The real web server with the product's program interfaces, found by Remix's own file convention, on a database of its own. */
export async function startApiApp(source: Record<string, string> = {}, build?: ServerBuild): Promise<ApiApp> {
  const database = await createTestDatabase();
  const queue = await createQueue({ pool: database.pool, log: createLog("silent"), supervise: false });
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const services = {
    ...database,
    env: parseEnv({ APP_URL: "https://site.example", ...source }),
    log,
    queue,
    consents: await openConsents({ db: database.db, log }, { follow: false }),
    forms: await openForms({ db: database.db, log }, { follow: false }),
    mail: { send: async () => true },
    bitrix24: { client: { host: "portal.example" } },
  } as unknown as Services;
  const limits = {
    tokens: createTokenGuard(createAttemptLimit(services, { name: "token", attempts: 0 })),
  } as AppLoadContext["limits"];
  const app = createApp({
    build: build ?? (await apiBuild()),
    services,
    production: true,
    assets: "nowhere",
    isReady: async () => true,
    metrics: (_req, res) => void res.end(),
  });
  const server = createHttpServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    services,
    context: { services, requestId: "test", clientIp: "", limits } as AppLoadContext,
    lines,
    address,
    fetch: (path, init) => fetch(`http://${address}${path}`, { redirect: "manual", ...init }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await queue.stop();
      await database.drop();
    },
  };
}

/** A Remix build of the resource routes alone: the pages need the bundler, these do not. */
async function apiBuild(): Promise<ServerBuild> {
  const modules = import.meta.glob<object>("../routes/api.*.ts", { eager: true });
  const files = Object.values(flatRoutes(join(import.meta.dirname, ".."), ["**/*.test.*"], "routes"));
  const routes = files.flatMap(({ id, path, file }) => {
    const module = modules[`../${file}`];
    return module ? [[id, { id, path, parentId: "root", module }]] : [];
  });
  return remixBuild({
    routes: { root: { id: "root", path: "", module: { default: () => null } }, ...Object.fromEntries(routes) },
    entry: { module: { default: () => new Response("page", { status: 404 }), handleError: () => {} } },
  });
}

/** A body without Content-Length, as some programs send it. */
export const streamed = (text: string): ReadableStream<Uint8Array> =>
  new Blob(text.match(/.{1,10000}/gs) ?? []).stream();

/** Senders of every kind, with the headers that each of them sends. */
export async function makeCast(services: Services) {
  const admin = await makeAdmin(services.db);
  const [self, other] = await Promise.all([makeUser(services.db), makeUser(services.db)]);
  const [live, revoked] = await Promise.all([
    createApiToken(services, { actor: admin, name: "Live" }),
    createApiToken(services, { actor: admin, name: "Revoked" }),
  ]);
  await revokeApiToken(services, { actor: admin, id: revoked.id });
  const cookie = async (userId: number) => ({
    cookie: await sessionCookieOf(services, userId),
  });
  return {
    selfId: self.id,
    admin,
    /** A program of its own: calls are counted by token. */
    newToken: async () => ({
      authorization: `Bearer ${(await createApiToken(services, { actor: admin, name: "Program" })).token}`,
    }),
    headers: {
      guest: {},
      self: await cookie(self.id),
      other: await cookie(other.id),
      admin: await cookie(admin.id),
      token: { authorization: `Bearer ${live.token}` },
      revoked: { authorization: `Bearer ${revoked.token}` },
      foreign: { ...(await cookie(admin.id)), origin: "https://evil.example" },
    } satisfies Record<string, Record<string, string>>,
  };
}

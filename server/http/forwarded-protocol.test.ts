import type { LoaderFunctionArgs } from "@remix-run/node";
import { expect, test } from "vitest";
import { createApp } from "../app";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { Services } from "../services";
import { remixBuild } from "../test/remix-build";
import { serve } from "../test/serve";

const build = remixBuild({
  routes: {
    root: { id: "root", path: "", module: { default: () => null } },
    page: {
      id: "page",
      path: "page",
      parentId: "root",
      module: { loader: ({ request }: LoaderFunctionArgs) => Response.json(request.url) },
    },
  },
  entry: { module: { default: () => new Response("page"), handleError: () => {} } },
});

/** Asks a site behind so many proxies; what it logs is kept. */
async function start(TRUST_PROXY: string) {
  const lines: string[] = [];
  const app = createApp({
    build,
    services: {
      env: parseEnv({ APP_URL: "https://site.example", TRUST_PROXY }),
      log: createLog("info", { write: (line) => void lines.push(line) }),
    } as Services,
    production: true,
    assets: "nowhere",
    isReady: async () => true,
    metrics: (_req, res) => void res.end(),
  });
  const url = `${await serve(app)}/page`;
  const errors = () => lines.filter((line) => JSON.parse(line).level >= 50);
  return { errors, ask: (headers: Record<string, string>) => fetch(url, { headers }) };
}

test.each([
  { "x-forwarded-proto": "a b" },
  { "x-forwarded-proto": ", https" },
  { "x-forwarded-proto": "javascript" },
  { "x-forwarded-proto": "https:" },
  { "x-forwarded-proto": "http/https" },
  { forwarded: "for=203.0.113.9;proto=ftp" },
])("a forwarded protocol that is none of the web's is refused, and is no error of ours: %o", async (headers) => {
  const { ask, errors } = await start("1");
  expect((await ask(headers)).status).toBe(400);
  expect(errors()).toEqual([]);
  expect((await (await start("")).ask(headers)).status).toBe(200);
});

test.each([
  ["", "http:"],
  ["http", "http:"],
  ["HTTPS", "https:"],
  ["https, http", "https:"],
  ["https , a b", "https:"],
])("of protocols that proxies forward the first counts: %o", async (proto, expected) => {
  const answer = await (await start("1")).ask({ "x-forwarded-proto": proto });
  expect(new URL(await answer.json()).protocol).toBe(expected);
});

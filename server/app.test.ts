import { once } from "node:events";
import { type RequestOptions, request as rawRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import type { RequestHandler } from "express";
import { afterEach, expect, test } from "vitest";
import { createApp } from "./app";
import { parseEnv } from "./platform/env";
import { createLog } from "./platform/log";
import { getUtmDataFromCookies } from "./registration/utmUtils";
import type { Services } from "./services";
import { remixBuild } from "./test/remix-build";

/** Remix with two resource routes: enough to see what reaches it. */
const route = (id: string, path: string, module: object) => ({ [id]: { id, path, parentId: "root", module } });
const build = remixBuild({
  routes: {
    root: { id: "root", path: "", module: { default: () => null } },
    ...route("page", "page", {
      loader: ({ request, context }: LoaderFunctionArgs) =>
        Response.json({ url: request.url, nonce: context.cspNonce, ip: context.clientIp, id: context.requestId }),
      action: async ({ request }: ActionFunctionArgs) => Response.json({ body: await request.text() }),
    }),
    ...route("failing", "failing", {
      loader: () => {
        throw new Error("secret detail");
      },
    }),
  },
  entry: { module: { default: () => new Response("page"), handleError: () => {} } },
});

const running: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
});

const answerMetrics: RequestHandler = (_req, res) => void res.send("metric 1");

async function start({ isReady = async () => true, metrics = answerMetrics, ...source }: Record<string, unknown> = {}) {
  const lines: string[] = [];
  const services = {
    env: parseEnv({ APP_URL: "https://site.example", ...(source as Record<string, string>) }),
    log: createLog("info", { write: (line) => void lines.push(line) }),
  } as Services;
  const app = createApp({
    build,
    services,
    production: true,
    assets: join(import.meta.dirname, "../public"),
    isReady: isReady as () => Promise<boolean>,
    metrics: metrics as RequestHandler,
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lines };
}

/** Node's fetch sets Host and Origin itself; this sends what it is told. */
function send(base: string, options: RequestOptions & { body?: string }) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const req = rawRequest(base, options, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text }));
    });
    req.on("error", reject);
    req.end(options.body);
  });
}

test("every answer has a strict policy with a nonce of its own", async () => {
  const { base } = await start();
  const [a, b] = await Promise.all([fetch(`${base}/page`), fetch(`${base}/page`)]);
  const policy = a.headers.get("content-security-policy");
  const { nonce } = await a.json();
  expect(policy).toContain(`script-src 'self' 'strict-dynamic' 'nonce-${nonce}'`);
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain("unsafe");
  expect(b.headers.get("content-security-policy")).not.toBe(policy);
  expect(a.headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
});

test("browsers are told to insist on TLS only where the site has it", async () => {
  const [secure, plain] = [await start(), await start({ APP_URL: "http://site.example" })];
  const withTls = await fetch(`${secure.base}/page?utm_source=a`);
  const without = await fetch(`${plain.base}/page?utm_source=a`);
  expect(withTls.headers.get("strict-transport-security")).toMatch(/max-age/);
  expect(withTls.headers.get("content-security-policy")).toContain("upgrade-insecure-requests");
  expect(withTls.headers.getSetCookie().every((cookie) => cookie.includes("Secure"))).toBe(true);
  expect(without.headers.get("strict-transport-security")).toBeNull();
  expect(without.headers.get("content-security-policy")).not.toContain("upgrade-insecure-requests");
  expect(without.headers.getSetCookie().some((cookie) => cookie.includes("Secure"))).toBe(false);
});

const origins: [name: string, headers: Record<string, string>, status: number][] = [
  ["from our public address", { origin: "https://site.example" }, 200],
  ["from the address it was asked at", { origin: "http://here.example", host: "here.example" }, 200],
  ["from a program, which names no origin", {}, 200],
  ["from a program with a token", { authorization: "Bearer b24r_x" }, 200],
  ["typed by hand", { "sec-fetch-site": "none" }, 200],
  ["from another site", { origin: "https://evil.example" }, 403],
  ["from a page without an origin", { origin: "null" }, 403],
  ["from a neighbour domain", { "sec-fetch-site": "same-site", origin: "https://site.example" }, 403],
  ["from another site, by what the browser says", { "sec-fetch-site": "cross-site" }, 403],
  [
    "from another site with a forwarded host",
    { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    403,
  ],
];

for (const [name, headers, status] of origins) {
  test(`a post ${name} gets ${status}`, async () => {
    const { base } = await start();
    const answer = await send(`${base}/page`, { method: "POST", headers, body: "a" });
    expect(answer.status).toBe(status);
  });
}

for (const method of ["TRACE", "PROPFIND", "QUERY"]) {
  test(`the method ${method} gets 405`, async () => {
    const { base } = await start();
    expect((await send(`${base}/page`, { method })).status).toBe(405);
  });
}

test("reading from another site is no change and is allowed", async () => {
  const { base } = await start();
  expect((await send(`${base}/page`, { headers: { origin: "https://evil.example" } })).status).toBe(200);
});

for (const host of ["a b", "host:99999999", "evil/../x", "[::1", ""]) {
  test(`the host ${JSON.stringify(host)} gets 400`, async () => {
    const { base } = await start();
    expect((await send(`${base}/page`, { headers: { host }, setHost: false })).status).toBe(400);
  });
}

test("an address that names a host of its own gets 400, like any that cannot be read", async () => {
  const { base, lines } = await start();
  const path = "http://evil.example/page?q=ivanov";
  for (const method of ["GET", "POST"])
    expect((await send(base, { path, method, headers: { "content-length": "0" } })).status).toBe(400);
  expect(lines.join()).not.toContain("ivanov");
});

test("a path with more slashes than any address has gets 400, and one with several is looked for like another", async () => {
  const { base } = await start();
  const status = async (path: string, headers = {}) => (await send(base, { path, headers })).status;
  expect(await status(`/page${"/".repeat(99)}`)).toBe(200);
  for (const path of [
    `/page${"/".repeat(100)}`,
    `/page${"\\".repeat(100)}`,
    `/page${"/\\".repeat(50)}x`,
    `${"/".repeat(150)}page`,
    `/page${"/".repeat(150)}`,
    `/api/${"a/".repeat(150)}`,
    `${"/".repeat(150)}[`,
  ])
    expect(await status(path), path).toBe(400);
  expect(await status(`/page\\?next=${"/\\".repeat(150)}`)).toBe(200);
});

test("of hosts that several proxies have forwarded, the first is the public one", async () => {
  const { base } = await start({ TRUST_PROXY: "2" });
  const headers = {
    "x-forwarded-host": "public.example:8443, inner.example:80",
    origin: "https://public.example:8443",
  };
  const asked = JSON.parse((await send(`${base}/page`, { headers })).text);
  expect(new URL(asked.url).host).toBe("public.example:8443");
  expect((await send(`${base}/page`, { method: "POST", headers, body: "a" })).status).toBe(200);
  const foreign = { ...headers, origin: "https://inner.example" };
  expect((await send(`${base}/page`, { method: "POST", headers: foreign, body: "a" })).status).toBe(403);
});

test("a forwarded host is believed from a trusted proxy only", async () => {
  const [trusting, plain] = [await start({ TRUST_PROXY: "1" }), await start()];
  const headers = { "x-forwarded-host": "public.example", "x-forwarded-for": "203.0.113.9" };
  const viaProxy = JSON.parse((await send(`${trusting.base}/page`, { headers })).text);
  expect(new URL(viaProxy.url).hostname).toBe("public.example");
  expect(viaProxy.ip).toBe("203.0.113.9");
  const direct = JSON.parse((await send(`${plain.base}/page`, { headers })).text);
  expect(direct.url).toBe(`${plain.base}/page`);
  expect(direct.ip).not.toBe("203.0.113.9");
});

test("a body is refused above 64 kB, also where its length is not told", async () => {
  const { base } = await start();
  const post = (path: string, body: string, headers = {}) => send(base + path, { method: "POST", body, headers });
  expect((await post("/page", "a".repeat(64 * 1024))).status).toBe(200);
  const large = await post("/page", "a".repeat(64 * 1024 + 1));
  expect(large.status).toBe(413);
  expect(large.text).toContain("Запрос слишком большой");
  expect((await post("/page", "a", { "transfer-encoding": "chunked" })).text).toBe('{"body":"a"}');
  const program = await post("/api/users/update-payment", "a".repeat(64 * 1024 + 1), { "accept-language": "en-GB" });
  expect(JSON.parse(program.text).error).toMatchObject({ code: "TOO_LARGE", message: "The request is too large." });
});

test("health, readiness and metrics answer apart from Remix", async () => {
  const { base } = await start();
  const away = await start({ isReady: () => Promise.reject(new Error("no database")) });
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${base}/metrics`)).text()).toBe("metric 1");
  expect((await fetch(`${away.base}/healthz`)).status).toBe(200);
  expect((await fetch(`${away.base}/readyz`)).status).toBe(503);
});

test("a process whose database does not answer is not ready, instead of silent", async () => {
  const { base } = await start({ isReady: () => new Promise(() => {}) });
  expect((await fetch(`${base}/readyz`)).status).toBe(503);
});

test("a page visit leaves a touch; calls, files and secret paths leave none", async () => {
  const { base } = await start();
  const touched = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${base}${path}?utm_source=vk`, { headers })).headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0]);
  const cookies = await touched("/page", { referer: "https://ya.ru/search?text=x" });
  expect(getUtmDataFromCookies(cookies.join("; "))).toMatchObject({
    first: { utm_source: "vk", landing: "/page", referrer: "https://ya.ru/search" },
    last: { utm_source: "vk" },
  });
  for (const path of ["/api/users/1", "/reset/secret", "/page.data", "/healthz"])
    expect(await touched(path)).toEqual([]);
  expect(await touched("/page", { "sec-fetch-dest": "empty" })).toEqual([]);
});

test("a log line tells the path and nothing that a visitor typed", async () => {
  const { base, lines } = await start();
  const answer = await fetch(`${base}/page?q=ivanov`, { headers: { "x-request-id": "trace-12345" } });
  await fetch(`${base}/reset/very-secret-token`);
  expect(answer.headers.get("x-request-id")).toBe("trace-12345");
  await expect.poll(() => lines.length).toBe(2);
  const [page, reset] = lines.map((line) => JSON.parse(line));
  expect(page).toMatchObject({ req: { id: "trace-12345", method: "GET", path: "/page" }, res: { statusCode: 200 } });
  expect(reset).toMatchObject({ req: { path: "/reset/…" } });
  expect(lines.join()).not.toMatch(/ivanov|very-secret|127\.0\.0\.1/);
});

test("a request id that could forge a log line is replaced", async () => {
  const { base } = await start();
  const answer = await fetch(`${base}/page`, { headers: { "x-request-id": 'a","level":60' } });
  expect(answer.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/);
});

test("an address that cannot be read is the client's fault", async () => {
  const { base } = await start();
  expect((await send(`${base}/%E0%A4%A`, {})).status).toBeLessThan(500);
});

test("a failure is answered without its details", async () => {
  const { base } = await start();
  const answer = await fetch(`${base}/failing`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("secret detail");
});

test("a failure is logged once, and nothing that hangs on the error", async () => {
  const broken = Object.assign(new Error("at https://portal.example/rest/1/key/batch"), { row: "ivanov" });
  const { base, lines } = await start({ metrics: ((_req, _res, next) => next(broken)) satisfies RequestHandler });
  const answer = await fetch(`${base}/metrics`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain("Something went wrong on our side");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ msg: "request failed", err: { type: "Error" } });
  expect(lines[0]).not.toMatch(/ivanov|key/);
});

test("a file that cannot be given as it was asked for is the client's fault", async () => {
  const { base, lines } = await start();
  const status = async (headers: Record<string, string>) => (await fetch(`${base}/robots.txt`, { headers })).status;
  expect(await status({})).toBe(200);
  expect(await status({ range: "bytes=99999-" })).toBe(416);
  expect(await status({ "if-match": '"other"' })).toBe(412);
  expect(lines).toEqual([]);
});

test("a missing asset of an earlier release is a plain 404", async () => {
  const { base } = await start();
  const answer = await fetch(`${base}/assets/old-1234.js`);
  expect(answer.status).toBe(404);
  expect(answer.headers.get("content-type")).toContain("text/plain");
});

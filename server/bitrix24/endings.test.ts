import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { selfSigned } from "../test/certificate";
import { claimPort } from "../test/claim-port";
import { Bitrix24Client } from "./transport/client";
import type { Bitrix24Error, FailureKind } from "./transport/error";
import { withoutRateLimit } from "./transport/rate-limit";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = async (listener: RequestListener) => `http://${await listen(createServer(listener))}`;
const socket = async (onSocket: (socket: Socket) => void) => listen(createSocketServer(onSocket));

/** The result of a call to such a server: code, kind, and whether it took effect. */
async function ending(origin: string, { timeoutMs = 60_000 } = {}): Promise<string> {
  const client = new Bitrix24Client({
    webhookUrl: `${origin}/rest/1/thekey/`,
    timeoutMs,
    rateLimiter: withoutRateLimit,
    log: createLog("silent"),
  });
  const error = await client.call("crm.item.add", { name: "Anna" }).then(
    () => undefined,
    (thrown: Bitrix24Error) => thrown,
  );
  if (!error) return "answered";
  expect(`${error.message} ${error.stack}`).not.toMatch(/thekey|Anna/);
  return [error.code, error.kind, error.applied].join(" ");
}

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };

const connections: [name: string, origin: () => Promise<string>, expected: RegExp | string][] = [
  ["nobody listens", async () => `http://127.0.0.1:${await claimPort()}`, "ECONNREFUSED outage no"],
  ["the port is one that is never asked", async () => "http://127.0.0.1:9", "NOT_SENT outage no"],
  [
    "the name does not exist",
    async () => "http://portal.invalid",
    /^(ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT) outage no$/,
  ],
  [
    "the server speaks no TLS",
    async () => (await http(answer(200, "{}"))).replace("http:", "https:"),
    "ERR_SSL_WRONG_VERSION_NUMBER outage no",
  ],
  [
    "the certificate is vouched for by nobody",
    async () => `https://${await listen(createTlsServer(selfSigned(), answer(200, '{"result":1}')))}`,
    "DEPTH_ZERO_SELF_SIGNED_CERT outage no",
  ],
  [
    "the connection is closed before TLS stands",
    async () => `https://${await socket((peer) => peer.end())}`,
    "ECONNRESET outage no",
  ],
  [
    "the connection is reset after the request was read",
    async () => `http://${await socket((peer) => peer.once("data", () => peer.resetAndDestroy()))}`,
    "CONNECTION_LOST outage unknown",
  ],
  [
    "the connection is closed without an answer",
    async () => `http://${await socket((peer) => peer.once("data", () => peer.end()))}`,
    "CONNECTION_LOST outage unknown",
  ],
  ["no answer comes", () => http(() => {}), "TIMEOUT outage unknown"],
  [
    "the answer stops in the middle",
    () =>
      http((_request, response) => {
        response.writeHead(200, { "Content-Length": "100" }).write('{"result":');
      }),
    "TIMEOUT outage unknown",
  ],
  [
    "the answer is cut",
    () =>
      http((_request, response) => {
        response.writeHead(200, { "Content-Length": "100" }).write('{"result":', () => response.destroy());
      }),
    "CONNECTION_LOST outage unknown",
  ],
  [
    "something else than HTTP comes back",
    async () => `http://${await socket((peer) => peer.once("data", () => peer.end("220 smtp ready\r\n")))}`,
    "CONNECTION_LOST outage unknown",
  ],
];

const bodies: [name: string, status: number, body: string, expected: string][] = [
  ["a page instead of JSON", 200, "<h1>Bitrix24</h1>", "BAD_ANSWER outage unknown"],
  ["an empty body", 200, "", "BAD_ANSWER outage unknown"],
  ["JSON that ends too early", 200, '{"result":{"item"', "BAD_ANSWER outage unknown"],
  ["JSON without a result", 200, '{"time":{}}', "BAD_ANSWER outage unknown"],
  ["null", 200, "null", "BAD_ANSWER outage unknown"],
  ["an empty list", 200, "[]", "BAD_ANSWER outage unknown"],
  ["a result", 200, '{"result":false}', "answered"],
  ["a proxy's 500", 500, "<h1>500</h1>", "HTTP_500 outage unknown"],
  ["a proxy's 502", 502, "<h1>502</h1>", "HTTP_502 outage unknown"],
  ["a proxy's 503", 503, "<h1>503</h1>", "HTTP_503 outage unknown"],
  ["a proxy's 504", 504, "", "HTTP_504 outage unknown"],
  ["a proxy's 408", 408, "", "HTTP_408 outage unknown"],
  ["a proxy's 400", 400, "<h1>400</h1>", "HTTP_400 outage no"],
  ["a firewall's 403", 403, "<h1>403</h1>", "HTTP_403 outage no"],
  ["a proxy's 404", 404, "<h1>404</h1>", "HTTP_404 outage no"],
  ["a proxy's 413", 413, "", "HTTP_413 outage no"],
  ["a proxy's 429", 429, "<h1>429</h1>", "HTTP_429 limit no"],
];

const codes: [status: number, code: unknown, kind: FailureKind, applied: string, told?: string][] = [
  [429, "OPERATION_TIME_LIMIT", "limit", "no"],
  [503, "OVERLOAD_LIMIT", "blocked", "no"],
  [401, "OVERLOAD_LIMIT", "blocked", "no"],
  [401, "ACCESS_DENIED", "blocked", "no"],
  [403, "ACCESS_DENIED", "blocked", "no"],
  [401, "INVALID_CREDENTIALS", "blocked", "no"],
  [403, "INVALID_CREDENTIALS", "blocked", "no"],
  [401, "insufficient_scope", "blocked", "no"],
  [401, "expired_token", "blocked", "no"],
  [401, "NO_AUTH_FOUND", "blocked", "no"],
  [401, "authorization_error", "blocked", "no"],
  [401, "A_CODE_OF_NEXT_YEAR", "blocked", "no"],
  [403, "", "blocked", "no", "EMPTY_CODE"],
  [403, "allowed_only_intranet_user", "blocked", "no"],
  [403, "PORTAL_DELETED", "blocked", "no"],
  [500, "PORTAL_DELETED", "blocked", "no"],
  [410, "PORTAL_DELETED", "blocked", "no"],
  [404, "ERROR_METHOD_NOT_FOUND", "blocked", "no"],
  [403, "WRONG_AUTH_TYPE", "blocked", "no"],
  [500, "INTERNAL_SERVER_ERROR", "outage", "unknown"],
  [500, "ERROR_UNEXPECTED_ANSWER", "outage", "unknown"],
  [500, "ERROR_CORE", "outage", "unknown"],
  [502, "", "outage", "unknown", "EMPTY_CODE"],
  [400, "ERROR_CORE", "refused", "unknown"],
  [400, "", "refused", "no", "EMPTY_CODE"],
  [400, null, "refused", "no", "EMPTY_CODE"],
  [400, 0, "refused", "no", "0"],
  [400, 100, "refused", "no", "100"],
  [400, 200040300010, "refused", "no", "200040300010"],
  [400, "NOT_FOUND", "refused", "no"],
  [200, "CRM_FIELD_ERROR_REQUIRED", "refused", "no"],
  [400, "Invalid e-mail: anna@example.com", "refused", "no", "EMPTY_CODE"],
];

for (const [name, origin, expected] of connections)
  test(`${name}: the call ends as ${expected}`, async () => {
    // Without an answer the test waits for the timeout. In all other cases a busy machine must not reach it.
    const isAwaited = String(expected).startsWith("TIMEOUT");
    const told = await ending(await origin(), isAwaited ? { timeoutMs: 2_000 } : {});
    if (expected instanceof RegExp) expect(told).toMatch(expected);
    else expect(told).toBe(expected);
  });

for (const [name, status, body, expected] of bodies)
  test(`${name}: the call ends as ${expected}`, async () => {
    expect(await ending(await http(answer(status, body)))).toBe(expected);
  });

for (const [status, code, kind, applied, told = String(code).toUpperCase()] of codes)
  test(`the code ${JSON.stringify(code)} with status ${status} means ${kind}, applied: ${applied}`, async () => {
    const body = JSON.stringify({ error: code, error_description: "Anna" });
    expect(await ending(await http(answer(status, body)))).toBe([told, kind, applied].join(" "));
  });

test("a lost leader lock aborts the request in flight, whose outcome is uncertain", async () => {
  const leaderLock = new AbortController();
  const client = new Bitrix24Client({
    webhookUrl: `${await http(() => leaderLock.abort(new Error("lost")))}/rest/1/thekey/`,
    timeoutMs: 20_000,
    rateLimiter: withoutRateLimit,
    log: createLog("silent"),
    signal: () => leaderLock.signal,
  });
  await expect(client.call("crm.item.add")).rejects.toMatchObject({ kind: "outage", applied: "unknown" });
});

import { once } from "node:events";
import { request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkMethod, refuseOldData } from "./method";
import { checkHost } from "./origin";
import { permissionsPolicy, plainHeaders } from "./security-headers";

let port = 0;
let stop = () => {};

beforeAll(async () => {
  const app = express();
  app.get("/healthz", plainHeaders, (_req, res) => void res.send("ok"));
  app.use(permissionsPolicy, checkMethod, refuseOldData, checkHost);
  app.use((req, res) => void res.json({ method: req.method, origin: req.headers.origin ?? null }));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as AddressInfo).port;
  stop = () => server.close();
});
afterAll(() => stop());

/** Node's fetch sends no Origin of ours and no body with HEAD. */
async function ask(method: string, path: string, headers: Record<string, string> = {}) {
  const req = request({ port, host: "127.0.0.1", method, path, headers: { connection: "close", ...headers } });
  req.end();
  const [res] = await once(req, "response");
  let text = "";
  for await (const chunk of res) text += chunk;
  return {
    status: res.statusCode as number,
    text,
    allow: res.headers.allow as string | undefined,
    headers: res.headers,
  };
}

for (const path of ["/login", "/login.data", "/_root.data", "/nowhere", "/api/x.data"]) {
  test(`a foreign page's question before its request gets 405: OPTIONS ${path}`, async () => {
    const { status, allow } = await ask("OPTIONS", path, { origin: "https://evil.example" });
    expect([status, allow]).toEqual([405, "GET, HEAD, POST"]);
  });
}

test("the program interface refuses methods itself", async () => {
  expect((await ask("OPTIONS", "/api/users/1")).status).toBe(200);
  expect((await ask("TRACE", "/api/users/1")).status).toBe(405);
  for (const path of ["/API/users/1", "/%61pi/users/1"]) {
    expect((await ask("DELETE", path)).status).toBe(200);
    expect(JSON.parse((await ask("TRACE", path)).text)).toMatchObject({ error: { code: "METHOD_NOT_ALLOWED" } });
  }
});

test("HEAD comes through without its Origin, and for a page's data as GET without a body", async () => {
  const page = await ask("HEAD", "/login", { origin: "https://evil.example" });
  expect([page.status, page.text]).toEqual([200, ""]);
  expect((await ask("HEAD", "/login.data")).text).toBe("");
  expect((await ask("HEAD", "/login.data")).status).toBe(200);
});

for (const path of ["/account?_data=x", "/login?a=1&_data", "/?%5Fdata=root"]) {
  test(`the framework's earlier way to ask for data is the client's fault: ${path}`, async () => {
    expect((await ask("GET", path)).status).toBe(400);
  });
}

test("of two Host headers neither is believed", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.end("GET /x HTTP/1.1\r\nHost: site.example\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  let text = "";
  for await (const chunk of socket) text += chunk;
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
});

test("features of the browser that no page uses are switched off", async () => {
  expect((await ask("GET", "/x")).headers["permissions-policy"]).toContain("camera=()");
});

test("what comes before the pages cannot be taken for one", async () => {
  expect((await ask("GET", "/healthz")).headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
  });
});

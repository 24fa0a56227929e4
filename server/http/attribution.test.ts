import { once } from "node:events";
import { get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { getUtmDataFromCookies } from "../registration/utmUtils";
import { rememberTouch } from "./attribution";

let server: Server;
beforeAll(async () => {
  const app = express();
  const env = parseEnv({ APP_URL: "https://register.example.com", OWN_HOSTS: ".Promo.example.net, компания.рф" });
  app.use(rememberTouch({ env, secure: true }), (_req, res) => void res.send("page"));
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

async function lastTouch(path: string, headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const cookies = await new Promise<string[]>((resolve, reject) => {
    // Node's fetch would add what browsers say of themselves.
    get({ host: "127.0.0.1", port, path, headers, agent: false }, (res) => {
      res.resume().on("end", () => resolve(res.headers["set-cookie"] ?? []));
    }).on("error", reject);
  });
  return getUtmDataFromCookies(cookies.map((cookie) => cookie.split(";")[0]).join("; ")).last;
}

for (const own of [
  "https://www.example.com/",
  "https://promo.example.net/",
  "https://shop.promo.example.net/",
  `https://${new URL("https://компания.рф").hostname}/`,
])
  test(`a visitor from ${own}, which is ours, has no new source`, async () => {
    expect(await lastTouch("/", { referer: own })).toBeNull();
  });

test("a visitor from another site has one, and calls, files and scripts' requests count as no visit", async () => {
  expect(await lastTouch("/register", { referer: "https://example.net/" })).toMatchObject({
    referrer: "https://example.net/",
  });
  for (const path of ["/api/x?utm_source=a", "/assets/x?utm_source=a", "/register.data?utm_source=a"])
    expect(await lastTouch(path)).toBeNull();
  expect(await lastTouch("/?utm_source=a", { "sec-fetch-dest": "image" })).toBeNull();
});

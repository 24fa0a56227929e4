import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, test } from "vitest";
import { limitTokens } from "./token-limit";

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

async function start(perMinute: number) {
  const app = express().use(limitTokens(perMinute), (_req, res) => void res.send("ok"));
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  running.push(() => server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/users/1`;
  return (authorization?: string) => fetch(address, { headers: authorization ? { authorization } : {} });
}

const bearer = (letter: string) => `Bearer b24r_${letter.repeat(43)}`;

test("a token gets its share a minute and is told how long to wait", async () => {
  const ask = await start(2);
  expect([(await ask(bearer("a"))).status, (await ask(bearer("a"))).status]).toEqual([200, 200]);

  const refused = await ask(bearer("a"));

  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ error: { code: "TOO_MANY" } });
});

test("another token, and whoever has none, is not held up by it", async () => {
  const ask = await start(1);
  await ask(bearer("a"));
  expect((await ask(bearer("b"))).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await ask()).status).toBe(200);
});

test("the token itself is in no header of the answer", async () => {
  const ask = await start(1);
  const headers = JSON.stringify([...(await ask(bearer("a"))).headers]);
  expect(headers).not.toContain("aaaa");
});

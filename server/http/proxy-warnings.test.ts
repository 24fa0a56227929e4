import express from "express";
import { expect, test } from "vitest";
import { newSessionCookie } from "../auth/session-cookie";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { serve } from "../test/serve";
import { warnOfProxies } from "./proxy-warnings";

async function start(source: Record<string, string> = {}) {
  const env = parseEnv(source);
  const lines: { kind: string; level: number; msg: string }[] = [];
  const log = createLog("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const app = express();
  app.set("trust proxy", env.TRUST_PROXY ?? false);
  app.use(warnOfProxies({ env, log }), (_req, res) => void res.send("ok"));
  const address = `${await serve(app)}/`;
  return {
    env,
    lines,
    kinds: () => lines.map(({ kind }) => kind),
    ask: (headers: Record<string, string> = {}) => fetch(address, { headers }),
  };
}

const browser = (n: number) => ({ "user-agent": `Mozilla/5.0 (Browser ${n})` });
const page = { accept: "text/html,*/*" };

for (const header of [
  "x-forwarded-for",
  "forwarded",
  "x-real-ip",
  "x-forwarded-proto",
  "via",
  "x-forwarded-host",
  "x-forwarded-server",
  "x-forwarded-ssl",
  "cf-connecting-ip",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-azure-clientip",
  "front-end-https",
]) {
  test(`a proxy that sends ${header} and is not declared is told once`, async () => {
    const { ask, lines } = await start();
    for (let i = 0; i < 3; i++) await ask({ [header]: "203.0.113.9" });
    expect(lines).toMatchObject([
      { kind: "proxy_not_declared", level: 40, msg: expect.stringContaining("TRUST_PROXY is not set") },
    ]);
    expect(JSON.stringify(lines)).not.toContain("203.0.113.9");
  });
}

test("a declared proxy is nothing to tell", async () => {
  const { ask, kinds } = await start({ TRUST_PROXY: "1", APP_URL: "https://site.example" });
  await ask({ "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", ...page });
  expect(kinds()).toEqual([]);
});

for (const [other, text, proxies] of [
  ["x-real-ip", "198.51.100.7", "1"],
  ["forwarded", 'for=198.51.100.7, for="[2001:db8::1]:4711"', "2"],
] as const)
  test(`another visitor in ${other} than in the header that counts is told once`, async () => {
    const { ask, kinds, lines } = await start({ TRUST_PROXY: proxies });
    const counts = { "x-forwarded-for": "203.0.113.9, 203.0.113.10" };
    for (let i = 0; i < 2; i++) await ask({ ...counts, [other]: text });
    expect(kinds()).toEqual(["headers_disagree"]);
    expect(JSON.stringify(lines)).not.toContain("198.51.100.7");
  });

test("a Forwarded that no proxy writes, since it is too long, is not compared with the header that counts", async () => {
  const { ask, kinds } = await start({ TRUST_PROXY: "1" });
  await ask({ "x-forwarded-for": "203.0.113.9", forwarded: `for=198.51.100.7;by=_${"x".repeat(2_000)}` });
  expect(kinds()).toEqual([]);
});

test("the same visitor in two headers is nothing to tell, and neither is the proxy before the nearest in X-Real-IP", async () => {
  const one = await start({ TRUST_PROXY: "1" });
  await one.ask({
    "x-forwarded-for": "198.51.100.7, 203.0.113.9",
    "x-real-ip": "203.0.113.9",
    forwarded: "for=203.0.113.9",
  });
  expect(one.kinds()).toEqual([]);
  const two = await start({ TRUST_PROXY: "2" });
  await two.ask({ "x-forwarded-for": "203.0.113.9, 203.0.113.10", "x-real-ip": "203.0.113.10" });
  expect(two.kinds()).toEqual([]);
});

test("no proxy is nothing to tell", async () => {
  const { ask, kinds } = await start();
  await ask(page);
  expect(kinds()).toEqual([]);
});

test("https that is promised and not there is told once, when a page is asked for", async () => {
  const { ask, kinds } = await start({ APP_URL: "https://site.example" });
  await ask();
  expect(kinds()).toEqual([]);
  await ask(page);
  await ask(page);
  expect(kinds()).toEqual(["https_not_seen"]);
});

test("a declared proxy that does not say https is told as well", async () => {
  const { ask, kinds } = await start({ APP_URL: "https://site.example", TRUST_PROXY: "1" });
  await ask({ "x-forwarded-for": "203.0.113.9", ...page });
  expect(kinds()).toEqual(["https_not_seen"]);
});

test("many browsers from one address are told once: a proxy may hide them", async () => {
  const { ask, kinds } = await start();
  for (let n = 0; n < 9; n++) await ask(browser(n));
  expect(kinds()).toEqual([]);
  for (let n = 0; n < 20; n++) await ask(browser(n));
  expect(kinds()).toEqual(["one_address"]);
});

test("many sessions of one kind of browser are as telling", async () => {
  const { ask, env, kinds } = await start();
  const cookies = Array.from({ length: 20 }, () => newSessionCookie(env).setCookie.split(";")[0] ?? "");
  for (const cookie of cookies.slice(1)) await ask({ ...browser(1), cookie });
  expect(kinds()).toEqual([]);
  for (const cookie of cookies) await ask({ ...browser(1), cookie });
  expect(kinds()).toEqual(["one_address"]);
});

test("one proxy too few is noticed the same way, and visitors with addresses of their own are not", async () => {
  const wrong = await start({ TRUST_PROXY: "1" });
  for (let n = 0; n < 12; n++) await wrong.ask({ ...browser(n), "x-forwarded-for": `203.0.113.${n}, 10.0.0.7` });
  expect(wrong.kinds()).toEqual(["one_address"]);
  const right = await start({ TRUST_PROXY: "2" });
  for (let n = 0; n < 40; n++) await right.ask({ ...browser(n), "x-forwarded-for": `203.0.113.${n}, 10.0.0.7` });
  expect(right.kinds()).toEqual([]);
});

test("where nothing is limited there is nothing to share", async () => {
  const { ask, kinds } = await start({ RATE_LIMIT_REGISTER: "0", RATE_LIMIT_LOGIN: "0" });
  for (let n = 0; n < 20; n++) await ask(browser(n));
  expect(kinds()).toEqual([]);
});

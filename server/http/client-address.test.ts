import express from "express";
import { expect, test } from "vitest";
import { networksOf } from "../attempts/networks";
import { serve } from "../test/serve";
import { canonicalAddress, clientAddress, isPrivateAddress, readForwarded } from "./client-address";

test.each([
  "203.0.113.9",
  "203.0.113.9:4711",
  '"203.0.113.9:4711"',
  "::ffff:203.0.113.9",
  "::FFFF:203.0.113.9",
  "::ffff:cb00:7109",
  "[::ffff:203.0.113.9]:4711",
  "0:0:0:0:0:ffff:203.0.113.9",
  "64:ff9b::203.0.113.9",
  "64:FF9B::cb00:7109",
  " 203.0.113.9 ",
])("%s is the visitor 203.0.113.9", (text) => {
  expect(canonicalAddress(text)).toBe("203.0.113.9");
});

test.each([
  "2001:db8::1",
  "2001:DB8::1",
  "2001:0db8:0000:0000:0000:0000:0000:0001",
  "[2001:db8::1]",
  "[2001:db8::1]:443",
  '"[2001:DB8::1]:443"',
  "2001:db8::1%eth0",
  "[2001:db8::1%25eth0]:443",
])("%s is the visitor 2001:db8::1", (text) => {
  expect(canonicalAddress(text)).toBe("2001:db8::1");
});

test.each([
  "",
  "unknown",
  "_hidden",
  "_SEVKISEK",
  "203.0.113.300",
  "203.0.113.9:",
  "localhost",
  "2001:db8::g",
  "1",
  undefined,
])("%j is no address", (text) => {
  expect(canonicalAddress(text)).toBeNull();
});

test("a network of IPv6 is counted as one, whatever its addresses look like", () => {
  const keys = ["[2001:db8:1:1::1]:443", "2001:DB8:1:1::2", '"[2001:db8:1:1:ffff::3]"'].map(
    (text) => networksOf(canonicalAddress(text) ?? "")[0]?.key,
  );
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toBeTruthy();
});

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["10.1.2.3", true],
  ["172.31.0.1", true],
  ["192.168.1.1", true],
  ["fd00::1", true],
  ["fe80::1", true],
  ["172.32.0.1", false],
  ["203.0.113.9", false],
  ["2001:db8::1", false],
  ["", false],
])("%j is private: %s", (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

/** Asks a server behind so many proxies who it takes the visitor for. */
async function seen(proxies: number | undefined, headers: Record<string, string>) {
  const app = express();
  app.set("trust proxy", proxies ?? false);
  app.use(readForwarded(proxies), (req, res) => {
    res.json({ address: clientAddress(req), https: req.secure, host: req.headers["x-forwarded-host"] });
  });
  const answer = await fetch(`${await serve(app)}/`, { headers });
  return answer.json();
}

test("a visitor is one and the same, whatever port each connection has", async () => {
  for (const port of [1024, 4711, 65_535])
    expect((await seen(1, { "x-forwarded-for": `198.51.100.1, 203.0.113.9:${port}` })).address).toBe("203.0.113.9");
});

test("where the proxy does not know the address, its own counts", async () => {
  for (const entry of ["unknown", "_hidden", ""])
    expect((await seen(1, { "x-forwarded-for": entry })).address).toBe("127.0.0.1");
});

test("Forwarded is read as its standard has it, several headers and proxies included", async () => {
  const forwarded =
    'for=198.51.100.1;proto=http, For="[2001:DB8::9]:4711" ; Proto=https;host="site.example:8443";by=_x';
  expect(await seen(1, { forwarded })).toEqual({ address: "2001:db8::9", https: true, host: "site.example:8443" });
  expect(await seen(2, { forwarded })).toMatchObject({ address: "198.51.100.1", https: false });
});

test("Forwarded is not believed where no proxy is declared, or where the proxy sends its own header", async () => {
  expect(await seen(undefined, { forwarded: "for=203.0.113.9;proto=https" })).toEqual({
    address: "127.0.0.1",
    https: false,
  });
  const both = { forwarded: "for=198.51.100.1", "x-forwarded-for": "203.0.113.9" };
  expect((await seen(1, both)).address).toBe("203.0.113.9");
});

const proxyEntry = 'for="[2001:db8::9]:4711";proto=https;host=site.example';

test.each([
  ["a long text", `x=${"x".repeat(2_000)}`],
  ["many entries", "for=198.51.100.1,".repeat(500)],
  ["a quotation mark that does not close", 'for=1.1.1.1;x="'],
  ["an escaped one", 'for=1.1.1.1;x="a\\"'],
  ["one after another that closes", 'for="1.1.1.1";x=a"'],
  ["a backslash", "for=1.1.1.1;x=\\"],
  ["a long text that ends with an open one", `${"x".repeat(2_000)}"`],
])("the entries that proxies add to a visitor's Forwarded count, whatever it has: %s", async (_, sent) => {
  const visitor = { address: "2001:db8::9", https: true, host: "site.example" };
  expect(await seen(1, { forwarded: `${sent}, ${proxyEntry}` })).toEqual(visitor);
  expect(await seen(2, { forwarded: `${sent}, ${proxyEntry}, for=10.0.0.7;by="a\\",b\\\\"` })).toEqual(visitor);
});

test("a host that a visitor names, and a proxy repeats between quotation marks, says nothing else", async () => {
  const forwarded = 'for=203.0.113.9;host="a;for=198.51.100.1,b"';
  expect(await seen(1, { forwarded })).toMatchObject({ address: "203.0.113.9", host: "a;for=198.51.100.1,b" });
});

test("an entry longer than proxies write is not read, and then no other header counts for it", async () => {
  const forwarded = `for=203.0.113.9;by=_${"x".repeat(1_900)}`;
  expect((await seen(1, { forwarded })).address).toBe("203.0.113.9");
  const longer = { forwarded: `for=203.0.113.9;host=a${" ".repeat(2_000)}b`, "x-real-ip": "203.0.113.10" };
  expect(await seen(1, longer)).toEqual({ address: "127.0.0.1", https: false });
});

test("a header that makes no sense is survived", async () => {
  for (const forwarded of [";;==", 'for="', ",,,", "for", 'for="a\\"b",proto=https'])
    expect((await seen(1, { forwarded })).address).toBe("127.0.0.1");
});

test("a proxy that sends nothing but X-Real-IP is believed where it is the only one", async () => {
  const headers = { "x-real-ip": "[2001:DB8::9]:4711" };
  expect((await seen(1, headers)).address).toBe("2001:db8::9");
  for (const proxies of [undefined, 2]) expect((await seen(proxies, headers)).address).toBe("127.0.0.1");
  expect((await seen(1, { ...headers, "x-forwarded-for": "203.0.113.9" })).address).toBe("203.0.113.9");
  expect((await seen(1, { "x-real-ip": "unknown" })).address).toBe("127.0.0.1");
});

test.each([
  ["x-forwarded-ssl", "on", true],
  ["front-end-https", "On", true],
  ["x-forwarded-scheme", "https", true],
  ["x-url-scheme", "HTTPS", true],
  ["x-scheme", "https", true],
  ["x-scheme", "http", false],
  ["x-forwarded-ssl", "off", false],
])("a trusted proxy may say its protocol by %s: %s", async (name, value, https) => {
  expect(await seen(1, { [name]: value })).toMatchObject({ https });
  expect(await seen(undefined, { [name]: value })).toMatchObject({ https: false });
  expect(await seen(1, { [name]: value, "x-forwarded-proto": "http" })).toMatchObject({ https: false });
});

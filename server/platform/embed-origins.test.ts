import { expect, test } from "vitest";
import { allowedOrigin, readOrigins } from "./embed-origins";

const origins = ["https://shop.example.com", "http://localhost:8080"];

const read: [name: string, list: string, origins: string[]][] = [
  ["nothing", "  ", []],
  ["one origin", "https://shop.example.com", ["https://shop.example.com"]],
  [
    "several, with commas and spaces",
    " https://a.example,https://b.example  https://c.example, ",
    [..."abc"].map((name) => `https://${name}.example`),
  ],
  ["a slash at the end and capitals", "HTTPS://Shop.Example.COM/", ["https://shop.example.com"]],
  [
    "a port, and the one that goes without saying",
    "https://a.example:8443, https://b.example:443",
    ["https://a.example:8443", "https://b.example"],
  ],
  ["letters of every language, as browsers write them", "https://магазин.рф", ["https://xn--80aairftm.xn--p1ai"]],
  ["punycode", "https://xn--80aairftm.xn--p1ai", ["https://xn--80aairftm.xn--p1ai"]],
  [
    "one of two spellings only",
    "https://магазин.рф https://xn--80aairftm.xn--p1ai/",
    ["https://xn--80aairftm.xn--p1ai"],
  ],
  [
    "plain http on this machine",
    "http://localhost:8080, http://127.0.0.1:3001",
    ["http://localhost:8080", "http://127.0.0.1:3001"],
  ],
];
for (const [name, list, expected] of read)
  test(`a list of origins is read: ${name}`, () => expect(readOrigins(list)).toEqual({ origins: expected }));

const refused: [entry: string, fault: string][] = [
  ["*", "wildcard"],
  ["https://*", "wildcard"],
  ["https://*.example.com", "wildcard"],
  ["https://*.com", "wildcard"],
  ["https://shop.example.com:*", "wildcard"],
  ["https:", "unreadable"],
  ["https://", "unreadable"],
  ["null", "unreadable"],
  ["'self'", "unreadable"],
  ["shop.example.com", "unreadable"],
  ["//shop.example.com", "unreadable"],
  ["data:text/html,x", "unreadable"],
  ["javascript:alert(1)", "unreadable"],
  ["file:///etc/passwd", "unreadable"],
  ["https://user@shop.example.com", "unreadable"],
  ["https://shop.example.com@evil.example", "unreadable"],
  ["https://sh%6fp.example.com", "unreadable"],
  ["https://shop.example.com:99999", "unreadable"],
  ["https://shop.example.com/page", "page"],
  ["https://shop.example.com?", "page"],
  ["https://shop.example.com/#", "page"],
  ["https://shop.example.com\\", "page"],
  ["https://shop.example.com.", "host"],
  ["https://shop..example.com", "host"],
  ["https://-shop.example.com", "host"],
  ["https://shop_1.example.com", "host"],
  ["https://a;script-src", "host"],
  ["https://a'unsafe-inline'", "host"],
  ["https://203.0.113.5", "host"],
  ["https://3405803781", "host"],
  ["https://[::1]:3000", "host"],
  ["http://shop.example.com", "insecure"],
  ["http://localhost.example.com", "insecure"],
];
for (const [entry, fault] of refused)
  test(`${entry} is refused as an origin: ${fault}`, () => {
    const [first = ""] = entry.split(/[\s,]+/);
    expect(readOrigins(`https://good.example, ${entry}`)).toEqual({ entry: first, fault });
  });

const strangers = [
  "null",
  "",
  "https://evil.example",
  "http://shop.example.com",
  "https://shop.example.com:8443",
  "https://shop.example.com.",
  "https://shop.example.com.evil.example",
  "https://evilshop.example.com",
  "https://www.shop.example.com",
  "http://localhost",
  "https://shop.example.com@evil.example",
  "https://xn--shp-tna.example.com",
  "about:blank",
  "blob:null/x",
  "data:text/html,https://shop.example.com",
];
for (const address of strangers)
  test(`${JSON.stringify(address)} is not taken for an allowed page`, () =>
    expect(allowedOrigin(address, origins)).toBeNull());

test("a page of an allowed origin is recognised by its whole address", () => {
  expect(allowedOrigin("https://shop.example.com/landing?utm_source=a", origins)).toBe("https://shop.example.com");
  expect(allowedOrigin("HTTP://LOCALHOST:8080", origins)).toBe("http://localhost:8080");
  expect(allowedOrigin(undefined, origins)).toBeNull();
});

import { expect, test } from "vitest";
import { browser } from "../test/browser";
import { traceText } from "./trace-text";

test.each([
  ["/spring?x=1", "https://site.example/spring?x=1"],
  ["https://shop.example.com/landing", "https://shop.example.com/landing"],
  ["http://shop.example.com", "http://shop.example.com/"],
  ["HTTPS://shop.example.com/a", "https://shop.example.com/a"],
  ["https://", "https://site.example/"],
  ["https://[bad/", "https://site.example/"],
  ["https://site.example@evil.example/", "https://site.example/"],
  ["@evil.example/", "https://site.example/"],
  [".evil.example/", "https://site.example/"],
  [":8443/", "https://site.example/"],
  ["//evil.example/", "https://site.example/"],
  ["/\\evil.example/", "https://site.example/"],
  ["javascript:alert(1)", "https://site.example/"],
  ["spring", "https://site.example/"],
  ["", "https://site.example/"],
  [undefined, "https://site.example/"],
])("a visit that began at %j is told as one at %s", (landing, url) => {
  const last = { utm_source: "vk", at: "2026-02-03T04:05:06.000Z", ...(landing === undefined ? {} : { landing }) };
  const first = { ...last, utm_source: "ya" };
  const trace = JSON.parse(traceText({ first, last }, "https://site.example") ?? "");
  const visit = { url, pages: { list: [[url, expect.any(Number)]] } };
  expect(trace).toMatchObject({ ...visit, previous: { list: [visit] } });
});

test("a campaign's first visit to which a later click was added is told once", () => {
  const visitor = browser();
  for (const path of ["/?utm_source=newsletter", "/?gclid=g1"]) visitor.visit(path);
  const trace = JSON.parse(traceText(visitor.utm(), "https://site.example") ?? "");
  expect(trace).toMatchObject({ tags: { list: { utm_source: "newsletter" }, gclid: "g1" } });
  expect(trace).not.toHaveProperty("previous");
});

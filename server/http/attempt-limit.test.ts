import { expect, test } from "vitest";
import { createAttemptLimit } from "./attempt-limit";

test("an address gets its share a minute and is told how long to wait", async () => {
  const attempt = createAttemptLimit(2);
  expect(await attempt("203.0.113.1")).toBeNull();
  expect(await attempt("203.0.113.1")).toBeNull();
  const wait = await attempt("203.0.113.1");
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
});

test("another address has its own share", async () => {
  const attempt = createAttemptLimit(1);
  await attempt("203.0.113.1");
  expect(await attempt("203.0.113.2")).toBeNull();
});

test("the addresses of one IPv6 network share theirs", async () => {
  const attempt = createAttemptLimit(1);
  await attempt("2001:db8:1:1::1");
  expect(await attempt("2001:db8:1:1::2")).not.toBeNull();
});

test("0 switches the limit off", async () => {
  const attempt = createAttemptLimit(0);
  for (let i = 0; i < 100; i++) expect(await attempt("203.0.113.1")).toBeNull();
});

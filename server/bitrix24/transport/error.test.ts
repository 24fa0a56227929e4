import { expect, test } from "vitest";
import { Bitrix24Error, portalError, transportError } from "./error";

const thrown = (cause: object) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("the cause"), cause) });

const applied = (cause: object) => transportError("crm.item.add", thrown(cause)).applied;

test("a route that breaks under a request that was sent leaves it unknown", () => {
  for (const code of ["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ETIMEDOUT", "EPIPE", "ECONNRESET"]) {
    expect(applied({ code, syscall: "read" }), code).toBe("unknown");
    expect(applied({ code, syscall: "write" }), code).toBe("unknown");
    expect(applied({ code, syscall: "connect" }), code).toBe("no");
  }
});

test("TLS that fails after the handshake leaves the request unknown", () => {
  for (const code of ["ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "ERR_SSL_UNEXPECTED_MESSAGE", "EPROTO"])
    expect(applied({ code }), code).toBe("unknown");
});

test("several addresses tried in vain count as unsent only if each was", () => {
  const refused = { code: "ECONNREFUSED", syscall: "connect" };
  expect(applied({ code: "ECONNREFUSED", errors: [refused, { ...refused, code: "EHOSTUNREACH" }] })).toBe("no");
  expect(applied({ code: "ECONNREFUSED", errors: [refused, { code: "ECONNRESET", syscall: "read" }] })).toBe("unknown");
});

test("inside a batch, where no status is told, a plain error is the command's own refusal", () => {
  expect(portalError("crm.item.add", "")).toMatchObject({ code: "EMPTY_CODE", kind: "refused", applied: "no" });
  expect(portalError("crm.item.add", "INTERNAL_SERVER_ERROR")).toMatchObject({ kind: "refused", applied: "unknown" });
  expect(portalError("crm.item.add", "insufficient_scope")).toMatchObject({ kind: "blocked", applied: "no" });
  expect(portalError("crm.item.add", "operation_time_limit")).toMatchObject({ kind: "limit", applied: "no" });
});

test("a denied item is that item's matter, a denied plan is not", () => {
  const refuses = (code: string, status?: number) => portalError("crm.item.update", code, status).refusesItem;
  expect(refuses("ACCESS_DENIED")).toBe(true);
  expect(refuses("ACCESS_DENIED", 400)).toBe(true);
  expect(refuses("ACCESS_DENIED", 401)).toBe(false);
  expect(refuses("ACCESS_DENIED", 403)).toBe(false);
  expect(refuses("NOT_FOUND", 400)).toBe(true);
  expect(refuses("ERROR_CORE", 400)).toBe(false);
  expect(refuses("INSUFFICIENT_SCOPE")).toBe(false);
});

test("an error that learns more keeps the rest", () => {
  const retryAt = new Date();
  const error = portalError("crm.item.add", "OPERATION_TIME_LIMIT", 429).with({ retryAt });
  expect(error).toBeInstanceOf(Bitrix24Error);
  expect(error).toMatchObject({ code: "OPERATION_TIME_LIMIT", status: 429, method: "crm.item.add", retryAt });
});

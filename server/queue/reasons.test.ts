import { expect, test } from "vitest";
import { portalError, transportError } from "../bitrix24/transport/error";
import { reasonOf } from "./reasons";

const words = (code: string) => reasonOf("en", { code });
const general = words("NOBODY_KNOWS_THIS");

test("a code that nobody knows has general words", () => {
  expect(general).toEqual({ what: expect.any(String), todo: expect.any(String) });
  expect(words("constructor")).toEqual(general);
});

test.each([
  "TIMEOUT",
  "CONNECTION_LOST",
  "QUERY_LIMIT_EXCEEDED",
  "OPERATION_TIME_LIMIT",
  "INVALID_CREDENTIALS",
  "NO_AUTH_FOUND",
  "ACCESS_DENIED",
  "INSUFFICIENT_SCOPE",
  "OVERLOAD_LIMIT",
  "PORTAL_DELETED",
  "PAYMENT_REQUIRED",
  "PRODUCT_PRICE_NOT_USD",
  "PRODUCT_NOT_FOUND",
  "PRODUCT_REPLACED",
  "BAD_ANSWER",
  "REDIRECT_REFUSED",
  "CRM_FIELD_ERROR_REQUIRED",
  "CRM_FIELD_ERROR_VALUE_NOT_VALID",
  "HTTP_403",
  "HTTP_404",
  "HTTP_418",
  "HTTP_502",
  "DEAL_REMOVED",
  "NOT_REMOVED",
])("%s is explained in both languages", (code) => {
  expect(words(code)).not.toEqual(general);
  expect(reasonOf("ru", { code }).what).toMatch(/[а-я]/);
});

test("whatever stops the queue or the way to the portal has words of its own", () => {
  const refused = portalError("profile", "invalid_credentials", 401);
  const unreachable = transportError("profile", Object.assign(new Error(), { cause: { code: "ECONNREFUSED" } }));
  for (const { code } of [refused, unreachable]) expect(words(code)).not.toEqual(general);
});

test.each(["en", "ru"] as const)(
  "what the portal demands or refuses is named, and is blamed on nobody: %s",
  (locale) => {
    const field = "Source information (sourceDescription)";
    for (const code of ["CRM_FIELD_ERROR_REQUIRED", "CRM_FIELD_ERROR_VALUE_NOT_VALID", "SOMETHING_NEW", "ERROR_CORE"]) {
      const { what, todo } = reasonOf(locale, { code, field, reach: "everybody" });
      expect(what).toContain(field);
      expect(what + todo).not.toMatch(/this (person|registration)|этого человека|этой регистрации/);
    }
    const own = reasonOf(locale, { code: "CRM_FIELD_ERROR_VALUE_NOT_VALID", field, reach: "one" });
    expect(own.what).toMatch(/this registration|этой регистрации/);
  },
);

test("nobody is told to send again by hand what everybody waits for", () => {
  for (const code of ["SOMETHING_NEW", "100", "EMPTY_CODE", "CRM_FIELD_ERROR_REQUIRED", "NOT_FOUND"])
    expect(reasonOf("en", { code, reach: "everybody" }).todo).not.toMatch(/send again/i);
});

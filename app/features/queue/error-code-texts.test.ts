import { expect, test } from "vitest";
import { portalError, transportError } from "~server/bitrix24/transport/error";
import { crmCodeText } from "./error-code-texts";

const general = crmCodeText("en", "NOBODY_KNOWS_THIS");

test("a code that nobody knows has general words", () => {
  expect(general).toEqual({ what: expect.any(String), todo: expect.any(String) });
  expect(crmCodeText("en", "constructor")).toEqual(general);
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
  "BAD_ANSWER",
  "REDIRECT_REFUSED",
  "CRM_FIELD_ERROR_REQUIRED",
  "CRM_FIELD_ERROR_VALUE_NOT_VALID",
  "HTTP_502",
])("%s is explained in both languages", (code) => {
  expect(crmCodeText("en", code)).not.toEqual(general);
  expect(crmCodeText("ru", code).what).toMatch(/[а-я]/);
});

test("whatever stops the queue or the way to the portal has words of its own", () => {
  const refused = portalError("profile", "invalid_credentials", 401);
  const unreachable = transportError("profile", Object.assign(new Error(), { cause: { code: "ECONNREFUSED" } }));
  for (const { code } of [refused, unreachable]) expect(crmCodeText("en", code)).not.toEqual(general);
});

import { expect, test } from "vitest";
import { apiErrorTexts } from "~/i18n/api-errors";
import { AlreadyResolvedError } from "~server/conflicts/already-resolved";
import { PaymentConflictError } from "~server/payments/payments";
import { AppError } from "~server/platform/errors";
import { FailedPermanentlyError } from "~server/queue/resend";
import { restErrorBody } from "./rest-error.server";

const issuesOf = (error: AppError) => restErrorBody(error, apiErrorTexts.en).error.issues;

test("a payment that was changed meanwhile is told with its state and who changed it", () => {
  const details = { isPaid: true, changedAt: "2026-11-22T09:30:00.000Z", changedBy: { kind: "USER", id: 3 } } as const;
  expect(issuesOf(new PaymentConflictError(details))).toEqual([
    {
      path: [],
      code: "payment_changed",
      params: details,
      message: "Now paid; changed by USER 3 at 2026-11-22T09:30:00.000Z.",
    },
  ]);
});

test("a payment that nobody has changed yet has neither a time nor a name", () => {
  const details = { isPaid: false, changedAt: null, changedBy: null };
  expect(issuesOf(new PaymentConflictError(details))).toMatchObject([{ code: "payment_changed", params: details }]);
});

test("a registration that failed permanently is told with the portal's reason", () => {
  const details = { crmState: "failed", crmError: "ACCESS_DENIED" } as const;
  expect(issuesOf(new FailedPermanentlyError(details))).toMatchObject([{ code: "given_up", params: details }]);
});

test("a conflict of another kind is not taken for one of payments", () => {
  expect(issuesOf(new AppError("CONFLICT"))).toBeUndefined();
  expect(issuesOf(new AlreadyResolvedError({ resolution: "gone", decidedBy: null }))).toBeUndefined();
});

test("a permission that a token lacks is named; a password that has to be repeated is no permission", () => {
  expect(issuesOf(new AppError("FORBIDDEN", { details: { scope: "payments" } }))).toMatchObject([
    { code: "scope", params: { scope: "payments" } },
  ]);
  expect(issuesOf(new AppError("FORBIDDEN", { details: { confirm: "password" } }))).toBeUndefined();
  expect(issuesOf(new AppError("FORBIDDEN", { details: { enrol: "second factor" } }))).toMatchObject([
    { code: "second_factor", message: expect.stringContaining("/account/second-factor") },
  ]);
});

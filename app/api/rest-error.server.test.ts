import { expect, test } from "vitest";
import { apiErrorTexts } from "~/i18n/api-errors";
import { AlreadyResolvedError } from "~server/conflicts/already-resolved";
import { type PaymentConflict, PaymentConflictError } from "~server/payments/payments";
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
  expect(issuesOf(new PaymentConflictError(details))).toMatchObject([
    { code: "payment_changed", params: details, message: "Now not paid." },
  ]);
});

test("a registration that failed permanently is told with the portal's reason", () => {
  const details = { crmState: "failed", crmError: "ACCESS_DENIED" } as const;
  expect(issuesOf(new FailedPermanentlyError(details))).toMatchObject([{ code: "given_up", params: details }]);
  const unknown = { crmState: "failed", crmError: null } as const;
  expect(issuesOf(new FailedPermanentlyError(unknown))).toMatchObject([{ message: "Failed permanently." }]);
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

test("a search that took too long is told from a database that is away", () => {
  const issues = [{ path: [], code: "slow_search", params: {} }];
  expect(issuesOf(new AppError("BUSY", { details: { retryAfter: 5, issues } }))).toMatchObject([
    { code: "slow_search", message: expect.stringContaining("Narrow") },
  ]);
  expect(issuesOf(new AppError("BUSY", { details: { retryAfter: 5 } }))).toBeUndefined();
});

test("a payment that nobody has changed, or that the system has, is told without a hole in the sentence", () => {
  const at = "2026-11-22T09:30:00.000Z";
  const said = (details: PaymentConflict) =>
    (["en", "ru"] as const).map(
      (locale) => restErrorBody(new PaymentConflictError(details), apiErrorTexts[locale]).error.issues?.[0]?.message,
    );
  expect(said({ isPaid: true, changedAt: null, changedBy: null })).toEqual(["Now paid.", "Сейчас оплачено."]);
  expect(said({ isPaid: false, changedAt: at, changedBy: { kind: "SYSTEM", id: null } })).toEqual([
    `Now not paid; changed by SYSTEM at ${at}.`,
    `Сейчас не оплачено; кто изменил: SYSTEM, когда: ${at}.`,
  ]);
});

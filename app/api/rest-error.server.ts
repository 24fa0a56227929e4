import { z } from "zod";
import type { ApiErrorTexts } from "~/i18n/api-errors";
import { PaymentConflictError } from "~server/payments/payments";
import { AppError, type InputIssue, isAppError } from "~server/platform/errors";
import { FailedPermanentlyError, NotRegisteredError } from "~server/queue/resend";
import { ErasedRegistrationError } from "~server/registration/registration-key";
import { errorCodes } from "~server/trpc/errors";

/** The body of every error. `params` has an issue's facts for programs, `message` the same in words. */
export const restError = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      issues: z
        .array(
          z.object({
            path: z
              .array(z.union([z.string(), z.int()]))
              .meta({ description: "Where in the request; empty: all of it" }),
            code: z.string(),
            message: z.string(),
            params: z.record(z.string(), z.unknown()),
          }),
        )
        .optional(),
    }),
  })
  .meta({ id: "Error" });

/** An error in the reader's language. */
export function restErrorBody(error: AppError, texts: ApiErrorTexts): z.infer<typeof restError> {
  const issues = issuesOf(error, texts);
  const takesForm = isAppError(error, "UNSUPPORTED_MEDIA_TYPE") && error.details?.takes === "form";
  const message = takesForm ? texts.sendForm : texts.codes[error.code];
  return { error: { code: error.code, message, ...(issues ? { issues } : {}) } };
}

/** Every error that a REST endpoint can answer with, in order of status. */
export const describedErrors = ({ codes }: ApiErrorTexts) =>
  errorCodes
    .map((code) => ({ status: new AppError(code).status, code, message: codes[code] }))
    .sort((a, b) => a.status - b.status);

/** What is wrong with the input, or what prevents a change that is valid in itself. */
function issuesOf(error: AppError, texts: ApiErrorTexts): (InputIssue & { message: string })[] | undefined {
  const one = (code: string, params: object, message: string) => [{ path: [], code, params: { ...params }, message }];
  const { issues } = texts;
  if (isAppError(error, "INVALID") || isAppError(error, "FORM_CLOSED"))
    return error.details?.issues?.map((issue) => ({ ...issue, message: describe(issue, texts) }));
  if (isAppError(error, "FORBIDDEN")) {
    const { scope, enrol } = error.details ?? {};
    if (enrol !== undefined) return one("second_factor", {}, issues.secondFactor);
    return scope === undefined ? undefined : one("scope", { scope }, issues.scope(scope));
  }
  if (isAppError(error, "TOO_MANY") || isAppError(error, "BUSY"))
    return error.details?.issues?.map((issue) => ({ ...issue, message: describe(issue, texts) }));
  if (error instanceof NotRegisteredError) return one("not_registered", {}, issues.notRegistered);
  if (error instanceof ErasedRegistrationError) return one("erased", {}, issues.erased);
  if (error instanceof FailedPermanentlyError)
    return one("given_up", error.details, issues.givenUp(error.details.crmError));
  if (error instanceof PaymentConflictError) {
    const { isPaid, changedAt, changedBy } = error.details;
    const by = [changedBy?.kind, changedBy?.id].filter((part) => part !== null && part !== undefined).join(" ");
    const change = by && changedAt ? { by, at: changedAt } : null;
    return one("payment_changed", error.details, issues.paymentChanged(isPaid, change));
  }
  return undefined;
}

function describe({ code, params }: InputIssue, { issues, types }: ApiErrorTexts): string {
  switch (code) {
    case "not_json":
      return issues.notJson;
    case "invalid_type":
      return issues.type(types[params.expected as keyof typeof types] ?? String(params.expected));
    case "too_many_unknown_tokens":
      return issues.unknownTokens(Number(params.maximum), Number(params.retryAfter));
    case "slow_search":
      return issues.slowSearch;
    case "unrecognized_keys":
      return issues.unknownFields((params.keys as string[]).join(", "));
    case "invalid_value":
      return issues.oneOf((params.values as unknown[]).map(String));
    case "invalid_format":
      return params.format === "date" ? issues.day : issues.other(code);
    case "too_small":
      return issues.tooSmall(String(params.minimum), isCounted(params));
    case "too_big":
      return issues.tooBig(String(params.maximum), isCounted(params));
    default:
      return issues.other(code);
  }
}

/** Of a text or a list the length is limited, of a number its size. */
const isCounted = ({ origin }: InputIssue["params"]): boolean => origin === "string" || origin === "array";

import { z } from "zod";
import type { ApiErrorTexts } from "~/i18n/api-errors";
import type { PaymentConflict } from "~server/payments/payments";
import { AppError } from "~server/platform/errors";
import { errorCodes, type InputIssue } from "~server/trpc/errors";

/** The body of every error. `params` holds the facts of an issue for programs, `message` the same for people. */
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

/** An error in the reader's words. */
export function restErrorBody(error: AppError, texts: ApiErrorTexts): z.infer<typeof restError> {
  const issues = issuesOf(error)?.map((issue) => ({ ...issue, message: describe(issue, texts) }));
  return { error: { code: error.code, message: texts.codes[error.code], ...(issues ? { issues } : {}) } };
}

/** Every error a REST endpoint can answer with, in order of its status. */
export const describedErrors = ({ codes }: ApiErrorTexts) =>
  errorCodes
    .filter((code) => code !== "EMAIL_TAKEN")
    .map((code) => ({ status: new AppError(code).status, code, message: codes[code] }))
    .sort((a, b) => a.status - b.status);

/** What is wrong with the input, or what stands in the way of a change that was right by itself. */
function issuesOf({ code, details }: AppError): InputIssue[] | undefined {
  if (code === "INVALID") return details?.issues as InputIssue[] | undefined;
  if (code === "FORBIDDEN" && details?.scope) return [{ path: [], code: "scope", params: details }];
  if (code !== "CONFLICT" || !details) return undefined;
  return [{ path: [], code: "crmState" in details ? "given_up" : "payment_changed", params: details }];
}

function describe({ code, params }: InputIssue, { issues, types }: ApiErrorTexts): string {
  switch (code) {
    case "not_json":
      return issues.notJson;
    case "invalid_type":
      return issues.type(types[params.expected as keyof typeof types] ?? String(params.expected));
    case "unrecognized_keys":
      return issues.unknownFields((params.keys as string[]).join(", "));
    case "too_small":
      return issues.tooSmall(String(params.minimum));
    case "too_big":
      return issues.tooBig(String(params.maximum));
    case "scope":
      return issues.scope(String(params.scope));
    case "payment_changed": {
      const { isPaid, changedAt, changedBy } = params as unknown as PaymentConflict;
      return issues.paymentChanged(isPaid, [changedBy?.kind, changedBy?.id].join(" "), changedAt ?? "—");
    }
    case "given_up":
      return issues.givenUp(String(params.crmError));
    default:
      return issues.other;
  }
}

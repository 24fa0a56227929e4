import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { isDatabaseAway, retryAfterSeconds } from "../database/unavailable";
import { AppError, type AppErrorCode, type InputIssue, isAppError } from "../platform/errors";
import { rpcCodes } from "../platform/rpc-error";

export const errorCodes = Object.keys(rpcCodes) as [AppErrorCode, ...AppErrorCode[]];

function issueOf(issue: z.core.$ZodIssue): InputIssue {
  const { path, code, message: _, ...params } = issue.code === "invalid_union" ? unionIssue(issue) : issue;
  return { path: path.map((key) => (typeof key === "number" ? key : String(key))), code, params };
}

/**
 * One of several that a value may be, without the library's own sentences about each: named where all of them are fixed
 * values.
 */
function unionIssue({ path, errors }: z.core.$ZodIssueInvalidUnion) {
  const inner = errors.flat();
  const values = inner.flatMap((each) => (each.code === "invalid_value" && each.path.length === 0 ? each.values : []));
  const isFixed = errors.every(([each, ...more]) => each?.code === "invalid_value" && more.length === 0);
  return isFixed ? { path, code: "invalid_value", message: "", values } : { path, code: "invalid_union", message: "" };
}

/** Text that is no JSON at all. */
export const notJson = (cause: unknown): AppError<"INVALID"> =>
  new AppError("INVALID", { cause, details: { issues: [{ path: [], code: "not_json", params: {} }] } });

/** Any error that a procedure, or tRPC on the way to it, can end with as ours. What is not expected becomes INTERNAL or BUSY. */
export function appErrorOf(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof TRPCError) {
    if (isAppError(error.cause)) return error.cause;
    // Only BAD_REQUEST: a ZodError below an INTERNAL_SERVER_ERROR is our own answer that broke its schema.
    if (error.code === "BAD_REQUEST" && error.cause instanceof z.ZodError)
      return new AppError("INVALID", { cause: error, details: { issues: error.cause.issues.map(issueOf) } });
    if (error.code === "BAD_REQUEST" && error.cause instanceof SyntaxError) return notJson(error);
    const known = Object.entries(rpcCodes).find(([, code]) => code === error.code)?.[0];
    if (error.code === "PARSE_ERROR") return notJson(error);
    if (known && known !== "INTERNAL") return new AppError(known as AppErrorCode, { cause: error });
    return appErrorOf(error.cause ?? new Error(error.message));
  }
  if (isDatabaseAway(error)) return new AppError("BUSY", { cause: error, details: { retryAfter: retryAfterSeconds } });
  return new AppError("INTERNAL", { cause: error });
}

/** The converted error carries a code and nothing of the original's message, so a mistake in a formatter leaks nothing. */
export const toTrpcError = (error: AppError): TRPCError =>
  new TRPCError({ code: rpcCodes[error.code], message: error.code, cause: error });

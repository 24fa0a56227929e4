import type { TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { AppError, AppErrorCode } from "./errors";

/** tRPC's codes for the table in errors.ts; their HTTP statuses agree. */
export const rpcCodes = {
  INVALID: "BAD_REQUEST",
  UNAUTHORIZED: "UNAUTHORIZED",
  FORBIDDEN: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  METHOD_NOT_ALLOWED: "METHOD_NOT_SUPPORTED",
  EMAIL_TAKEN: "CONFLICT",
  CONFLICT: "CONFLICT",
  FORM_CLOSED: "CONFLICT",
  TOO_LARGE: "PAYLOAD_TOO_LARGE",
  UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  KEY_REUSED: "UNPROCESSABLE_CONTENT",
  TOO_MANY: "TOO_MANY_REQUESTS",
  INTERNAL: "INTERNAL_SERVER_ERROR",
  BUSY: "SERVICE_UNAVAILABLE",
} as const satisfies Record<AppErrorCode, TRPCError["code"]>;

type RpcCode = TRPCError["code"];

/** An error as tRPC's clients expect it. Its cause is not exposed. */
export function rpcErrorShape(
  { code: appCode, status, details }: Pick<AppError, "code" | "status" | "details">,
  { code = rpcCodes[appCode], path }: { code?: RpcCode; path?: string | undefined } = {},
) {
  return {
    code: TRPC_ERROR_CODES_BY_KEY[code],
    message: appCode,
    data: { code, httpStatus: status, path, appCode, ...(details ? { details } : {}) },
  };
}

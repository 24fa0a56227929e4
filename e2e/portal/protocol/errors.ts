import type { Settings } from "../settings";

/** An error as the portal words it: `code` may be empty or a number, and is an error all the same. */
export class PortalError extends Error {
  constructor(
    readonly code: string | number,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = "PortalError";
  }
}

interface SystemCode {
  code: string;
  status: number;
  before2026?: number;
  text: string;
}

/** Errors any method may give. Their codes and English texts are the platform's own and are not translated. */
const systemCodes = {
  internal: { code: "INTERNAL_SERVER_ERROR", status: 500, text: "Internal server error" },
  limit: { code: "QUERY_LIMIT_EXCEEDED", status: 503, text: "Too many requests" },
  operating: { code: "OPERATION_TIME_LIMIT", status: 429, text: "Method is blocked due to operation time limit." },
  noAuth: { code: "NO_AUTH_FOUND", status: 401, text: "Wrong authorization data" },
  badCredentials: { code: "INVALID_CREDENTIALS", status: 401, before2026: 403, text: "Invalid request credentials" },
  invalidToken: { code: "invalid_token", status: 401, text: "Unable to get application by token" },
  expired: { code: "expired_token", status: 401, text: "The access token provided has expired." },
  plan: { code: "ACCESS_DENIED", status: 401, before2026: 403, text: "REST is available only by subscription." },
  overload: {
    code: "OVERLOAD_LIMIT",
    status: 401,
    before2026: 503,
    text: "REST API is blocked due to overload.",
  },
  deleted: { code: "PORTAL_DELETED", status: 403, text: "Portal was deleted" },
  insufficientScope: {
    code: "insufficient_scope",
    status: 401,
    before2026: 403,
    text: "The request requires higher privileges than provided by the webhook token",
  },
  methodNotFound: { code: "ERROR_METHOD_NOT_FOUND", status: 404, text: "Method not found!" },
  batchLength: { code: "ERROR_BATCH_LENGTH_EXCEEDED", status: 400, text: "Max batch length exceeded" },
  batchMethod: {
    code: "ERROR_BATCH_METHOD_NOT_ALLOWED",
    status: 405,
    text: "Method is not allowed for batch usage",
  },
  wrongAuthType: {
    code: "WRONG_AUTH_TYPE",
    status: 403,
    text: "Current authorization type is denied for this method",
  },
  wrongEncoding: { code: "WRONG_ENCODING", status: 400, text: "Wrong request encoding" },
} as const satisfies Record<string, SystemCode>;

export type SystemErrorName = keyof typeof systemCodes;

export function systemError(name: SystemErrorName, settings: Settings): PortalError {
  const { code, status, before2026, text }: SystemCode = systemCodes[name];
  const old = settings.switches.statuses === "before2026";
  const answered = name === "deleted" ? settings.switches.portalDeletedStatus : old ? (before2026 ?? status) : status;
  return new PortalError(code, text, answered);
}

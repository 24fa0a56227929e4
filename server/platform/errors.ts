/**
 * One error class and one table. Services throw a code; transports read the status from here, and words come
 * from the dictionaries by code. Whatever is not an AppError becomes a generic sentence outside and a log record.
 */
const statuses = {
  INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_TAKEN: 409,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY: 429,
  INTERNAL: 500,
  BUSY: 503,
} as const;

export type AppErrorCode = keyof typeof statuses;

export class AppError extends Error {
  readonly code: AppErrorCode;
  /** Facts for the reader, such as who changed a payment first; shown to the caller, so nothing secret. */
  readonly details: Record<string, unknown> | undefined;

  constructor(code: AppErrorCode, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return statuses[this.code];
  }
}

export const isAppError = (error: unknown, code?: AppErrorCode): error is AppError =>
  error instanceof AppError && (code === undefined || error.code === code);

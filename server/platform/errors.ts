import type { PasswordProblem } from "./password-policy";

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

/** A fault of the input: where, which rule of the schema, and the rule's parameters for the words. */
export interface InputIssue {
  path: (string | number)[];
  code: string;
  params: Record<string, unknown>;
}

/** What an error may tell beside its code. It is shown to the caller, so nothing secret. */
interface DetailsByCode {
  INVALID: { issues?: InputIssue[]; problem?: PasswordProblem };
  /** Which of several proofs was wrong. */
  UNAUTHORIZED: { field?: "password" };
  /** The permission that a token lacks, or what a person has to do before. */
  FORBIDDEN: { scope?: string; confirm?: "password"; enrol?: "second factor" };
  /** Each conflict has a class of its own beside the service that throws it, which says what it tells. */
  CONFLICT: object;
  /** Seconds. */
  TOO_MANY: { retryAfter: number };
  BUSY: { retryAfter: number };
}
type DetailsOf<Code> = Code extends keyof DetailsByCode ? DetailsByCode[Code] : never;

export class AppError<Code extends AppErrorCode = AppErrorCode> extends Error {
  readonly code: Code;
  readonly details: DetailsOf<Code> | undefined;

  constructor(code: Code, options: { cause?: unknown; details?: DetailsOf<Code> } = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return statuses[this.code];
  }
}

export const isAppError = <Code extends AppErrorCode = AppErrorCode>(
  error: unknown,
  code?: Code,
): error is AppError<Code> => error instanceof AppError && (code === undefined || error.code === code);

/** In how many seconds to try again, if the error says so. */
export function retryAfterOf(error: AppError): number | undefined {
  return isAppError(error, "TOO_MANY") || isAppError(error, "BUSY") ? error.details?.retryAfter : undefined;
}

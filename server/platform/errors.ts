import type { PasswordProblem } from "./password-policy";

/**
 * One error class and one table. Services throw a code; transports read the status here, and dictionaries have the
 * words for each code. Any other error is shown as a generic sentence and logged.
 */
const statuses = {
  INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  EMAIL_TAKEN: 409,
  CONFLICT: 409,
  /** The registration form takes nobody any more. */
  FORM_CLOSED: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  /** An Idempotency-Key that came with another body before. */
  KEY_REUSED: 422,
  TOO_MANY: 429,
  INTERNAL: 500,
  BUSY: 503,
} as const;

export type AppErrorCode = keyof typeof statuses;

/** A problem of the input: the path, the violated rule of the schema, and the rule's parameters for the words. */
export interface InputIssue {
  path: (string | number)[];
  code: string;
  params: Record<string, unknown>;
}

/** What an error may tell beside its code. Shown to the caller, so no secrets. */
interface DetailsByCode {
  INVALID: { issues?: InputIssue[]; problem?: PasswordProblem };
  FORM_CLOSED: { issues: InputIssue[] };
  /** The wrong one of several proofs. */
  UNAUTHORIZED: { field?: "password" };
  /** The scope that a token lacks, or what a person has to do first. */
  FORBIDDEN: { scope?: string; confirm?: "password"; enrol?: "second factor" };
  /** Each kind of conflict has its own class beside the service that throws it, with its details. */
  CONFLICT: object;
  /** Left out: JSON. */
  UNSUPPORTED_MEDIA_TYPE: { takes: "form" };
  /** Seconds; and of several limits the one that was exceeded. */
  TOO_MANY: { retryAfter: number; issues?: InputIssue[] };
  /** Without issues the database is away. */
  BUSY: { retryAfter: number; issues?: InputIssue[] };
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

/** The seconds after which to retry, if the error has them. */
export function retryAfterOf(error: AppError): number | undefined {
  return isAppError(error, "TOO_MANY") || isAppError(error, "BUSY") ? error.details?.retryAfter : undefined;
}

import type { ProblemCode } from "~/i18n/errors";

/** The field with the password in a resubmitted form. */
export const passwordAgainField = "password-again";

/** The form that was interrupted by the question for the password, so that it can be resubmitted. */
export interface PasswordQuestion {
  passwordAgain: true;
  /** Where the form was sent, and what was in it. */
  to: string;
  fields: [name: string, value: string][];
  problem: ProblemCode | null;
  /** Seconds to wait after too many wrong passwords. */
  wait: number | null;
}

export const isPasswordQuestion = (data: unknown): data is PasswordQuestion =>
  (data as PasswordQuestion | null)?.passwordAgain === true;

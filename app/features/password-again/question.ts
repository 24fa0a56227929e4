import type { ProblemCode } from "~/i18n/errors";

/** The field in which the password comes along with what was being done. */
export const passwordAgainField = "password-again";

/** What was being done when the password was asked for, so that it can go on afterwards. */
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

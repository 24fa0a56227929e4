import { z } from "zod";
import { personShape, withExtension } from "../person/schema";
import { type PasswordSite, passwordProblem } from "../platform/password-policy";

/**
 * The schema of a registration by a program, and what all forms have in common: the person's fields, a password, the
 * consent. The schema of a form is made of it in form-schema.ts.
 */

/** Not trimmed or changed: the password that is typed later must match. */
const password = z.string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") });

export const registrationObject = z.strictObject(
  {
    ...personShape,
    password,
    consent: z.literal("on", { error: "consent" }),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? "unknown_field" : "invalid") },
);

/** Runs even if other fields are invalid, so that all problems are reported at once. */
export const always = { when: () => true };

/** The name of the site is read with each check, since it may be changed meanwhile. */
export const checkPassword =
  (site?: PasswordSite) =>
  (input: { password?: unknown }, ctx: z.RefinementCtx): void => {
    if (typeof input.password !== "string") return;
    const message = passwordProblem(input.password, { ...textsOf(input), site });
    if (message) ctx.addIssue({ code: "custom", path: ["password"], message });
  };

/** A person whom a program registers may set the password later, by mail. */
export const programRegistrationSchema = (site: PasswordSite) =>
  programObject.superRefine(checkPassword(site), always).transform(withExtension);

const programObject = registrationObject.extend({ password: password.optional() });

/** If a field is invalid, the values are still as they were sent: of any type, and lists where a field was repeated. */
const textsOf = (input: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

export const registrationFields = registrationObject.keyof().options;

export type RegistrationInput = ReturnType<typeof withExtension<z.output<typeof registrationObject>>>;

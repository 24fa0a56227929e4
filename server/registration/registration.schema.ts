import { z } from "zod";
import { personShape, withExtension } from "../person/schema";
import { passwordProblem } from "../platform/password-policy";

/** What a registration must look like, for the form and programs alike: the person's fields, a password, the consent. */

/** Taken letter for letter, spaces included: what people type later must match. */
const password = z.string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") });

const registrationObject = z.strictObject(
  {
    ...personShape,
    password,
    consent: z.literal("on", { error: "consent" }),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? "unknown_field" : "invalid") },
);

/** Reported together with the faults of other fields, so that the password is not objected to only once these are corrected. */
const always = { when: () => true };

export const registrationSchema = registrationObject
  .superRefine((input, ctx) => {
    if (typeof input.password !== "string") return;
    const message = passwordProblem(input.password, textsOf(input));
    if (message) ctx.addIssue({ code: "custom", path: ["password"], message });
  }, always)
  .transform(withExtension);

/** Beside a faulty field the values are as they were typed: any type, and given twice they are a list. */
const textsOf = (input: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === "string"));

export const registrationFields = registrationObject.keyof().options;

export type RegistrationInput = z.output<typeof registrationSchema>;

import { parsePhoneNumberFromString } from "libphonenumber-js";
import { z } from "zod";
import { registrationLimits as limits } from "../auth/field-limits";

/**
 * What a registration must look like, for the form, the import and programs alike. Messages are codes; words come
 * from the dictionaries. Everything is parsed into the form in which it is stored: trimmed, lower-cased, E.164.
 */

/**
 * Control characters (PostgreSQL refuses NUL), marks that reverse the direction of text and so disguise it, and
 * U+FFFD, which is what a wrong encoding leaves behind.
 */
const unfitCharacters = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffd]/u;

const text = () =>
  z
    .string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") })
    .refine((value) => !unfitCharacters.test(value), "characters");

const name = () => text().trim().min(1, "required").max(limits.name, "too_long");

export const emailSchema = text()
  .trim()
  .toLowerCase()
  .min(1, "required")
  .max(limits.email, "too_long")
  .pipe(z.email("email"));

/** Any usual spelling; without a country code it is taken as a Russian number. */
const phone = text()
  .trim()
  .min(1, "required")
  .max(limits.phone, "too_long")
  .transform((value, ctx) => {
    const number = parsePhoneNumberFromString(value, { defaultCountry: "RU", extract: false });
    if (number?.isValid()) return number.number as string;
    ctx.addIssue({ code: "custom", message: "phone" });
    return z.NEVER;
  });

/** Taken letter for letter, spaces included: what people type later must match. */
export const passwordSchema = z
  .string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") })
  .min(limits.passwordMin, "password_short")
  .max(limits.passwordMax, "too_long");

export const registrationSchema = z.strictObject(
  {
    firstName: name(),
    lastName: text()
      .trim()
      .max(limits.name, "too_long")
      .optional()
      .transform((value) => value || undefined),
    email: emailSchema,
    phone,
    password: passwordSchema,
    consent: z.literal("on", { error: "consent" }),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? "unknown_field" : "invalid") },
);

export const registrationFields = registrationSchema.keyof().options;

export type RegistrationInput = z.output<typeof registrationSchema>;

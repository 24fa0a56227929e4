import { parsePhoneNumberFromString } from "libphonenumber-js";
import { z } from "zod";
import { eachPersonField, type PersonField, type PersonFieldName, personFields } from "../person/fields";
import { passwordProblem } from "../platform/password-policy";

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

export const emailSchema = text()
  .trim()
  .toLowerCase()
  .min(1, "required")
  .max(personFields.email.maxLength, "too_long")
  .pipe(z.email("email"));

/** Any usual spelling; without a country code it is taken as a Russian number. */
const phone = text()
  .trim()
  .min(1, "required")
  .max(personFields.phone.maxLength, "too_long")
  .transform((value, ctx) => {
    const number = parsePhoneNumberFromString(value, { defaultCountry: "RU", extract: false });
    if (number?.isValid()) return number.number as string;
    ctx.addIssue({ code: "custom", message: "phone" });
    return z.NEVER;
  });

/** Taken letter for letter, spaces included: what people type later must match. */
const password = z.string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") });

/** A blank that need not be filled in counts as left out. */
const optional = (schema: z.ZodType<string>) =>
  z.preprocess((value) => (typeof value === "string" && value.trim() === "" ? undefined : value), schema.optional());

function fieldSchema({ kind, required, maxLength }: PersonField) {
  const schemas = {
    text: text().trim().min(1, "required").max(maxLength, "too_long"),
    email: emailSchema,
    phone,
  } satisfies Record<PersonField["kind"], z.ZodType<string>>;
  return required ? schemas[kind] : optional(schemas[kind]);
}

type FieldSchemas = {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true
    ? z.ZodType<string>
    : z.ZodType<string | undefined>;
};

/** The person's fields alone, as lists bring them, too. */
export const personShape = eachPersonField((_, field) => fieldSchema(field)) as FieldSchemas;

const registrationObject = z.strictObject(
  {
    ...personShape,
    password,
    consent: z.literal("on", { error: "consent" }),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? "unknown_field" : "invalid") },
);

/** Together with what is wrong elsewhere, so that the password is not objected to only once all the rest is right. */
const always = { when: () => true };

export const registrationSchema = registrationObject.superRefine((input, ctx) => {
  if (typeof input.password !== "string") return;
  const message = passwordProblem(input.password, textsOf(input));
  if (message) ctx.addIssue({ code: "custom", path: ["password"], message });
}, always);

/** Beside a faulty field the values are as they were typed: any type, and given twice they are a list. */
const textsOf = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === "string"));

export const registrationFields = registrationObject.keyof().options;

export type RegistrationInput = z.output<typeof registrationSchema>;

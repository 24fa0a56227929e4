import { z } from "zod";
import { cleanText, hasUnfitCharacters, isBlank } from "../platform/clean-text";
import { parseEmail } from "../platform/email-address";
import { hasLink, isAdvertising } from "./advertising";
import { eachPersonField, type PersonField, type PersonFieldName, personFields } from "./fields";
import { parsePhone } from "./phone";

/**
 * The checks of a person's fields, for the form, the import and programs alike. Messages are codes; words come from the
 * dictionaries. Everything is parsed into the form in which it is stored: cleaned, e-mail in lower case, phone in E.164.
 */

const typed = () => z.string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") });
const isFit = (text: string) => !hasUnfitCharacters(text);

// Checks come behind the transforms as refinements, never as a second z.string() in a pipe: the form library takes an
// empty text for undefined at every one of those.
const text = ({ maxLength, refuses }: PersonField) =>
  typed()
    .refine(isFit, "characters")
    .transform(cleanText)
    .refine((value) => !isBlank(value), "required")
    .refine((value) => value.length <= maxLength, "too_long")
    .refine((value) => !isRefused(value, refuses), "no_links");

/** What is far too long is refused for that. */
const isRefused = (value: string, refuses: PersonField["refuses"]) =>
  refuses !== null && (refuses === "links" ? hasLink : isAdvertising)(value.slice(0, 1_000));

/** Marks of direction round an address or number mean nothing: address books copy them along. */
const undirected = ({ maxLength }: PersonField) =>
  typed()
    .transform((value) => value.replace(/\p{Bidi_Control}/gu, ""))
    .refine(isFit, "characters")
    .transform(cleanText)
    .refine((value) => value !== "", "required")
    .refine((value) => value.length <= maxLength, "too_long");

export const emailSchema = undirected(personFields.email).transform((value, ctx) => {
  const email = parseEmail(value);
  if (email && email.length <= personFields.email.maxLength) return email;
  ctx.addIssue({ code: "custom", message: email ? "too_long" : "email" });
  return z.NEVER;
});

/** The number, and behind `;ext=` its extension; `withExtension` takes them apart once the whole person is sound. */
const phone = undirected(personFields.phone).transform((value, ctx) => {
  const parsed = parsePhone(value);
  if (parsed) return parsed.extension ? `${parsed.number};ext=${parsed.extension}` : parsed.number;
  ctx.addIssue({ code: "custom", message: "phone" });
  return z.NEVER;
});

export function withExtension<T extends { phone: string }>(person: T): T & { phoneExtension?: string | undefined } {
  const [number = "", extension] = person.phone.split(";ext=");
  return { ...person, phone: number, phoneExtension: extension };
}

/** What need not be filled in may be blank: a lone dash means none as well. */
const optional = (schema: z.ZodType<string>) =>
  z.preprocess(
    (value) => (typeof value === "string" && isFit(value) && isBlank(cleanText(value)) ? undefined : value),
    schema.optional(),
  );

function fieldSchema(field: PersonField) {
  const { kind, required } = field;
  const schemas = {
    text: text(field),
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

/** A schema for each field. An object of them is to end in `withExtension`. */
export const personShape = eachPersonField((_, field) => fieldSchema(field)) as FieldSchemas;

import { z } from "zod";
import { cleanText, hasUnfitCharacters, isBlank } from "../platform/clean-text";
import { parseEmail } from "../platform/email-address";
import { hasLink, isAdvertising } from "./advertising";
import { eachPersonField, type PersonField, type PersonFieldName, personFields } from "./fields";
import { parsePhone } from "./phone";

/**
 * The checks of a person's fields, for the form, the import and programs. Messages are codes; their words are in the
 * dictionaries. Values are parsed into the stored form: cleaned, e-mail in lower case, phone in E.164.
 */

const typed = () => z.string({ error: (issue) => (issue.input === undefined ? "required" : "invalid") });
const isFit = (text: string) => !hasUnfitCharacters(text);

const text = (field: PersonField) =>
  typed()
    .refine(isFit, "characters")
    .transform(cleanText)
    .refine((value) => !isBlank(value), "required")
    .refine((value) => value.length <= field.maxLength, "too_long")
    .refine((value) => !isRefused(value, field), "no_links");

/** A text that is too long is reported as too long only: the expressions would be slow on it. */
const isRefused = (value: string, { maxLength, refuses }: PersonField) =>
  refuses !== null && value.length <= maxLength && (refuses === "links" ? hasLink : isAdvertising)(value);

/** Removes marks of text direction around an address or number: address books copy them along. */
const undirected = ({ maxLength, longestTyped = maxLength }: PersonField) =>
  typed()
    .transform((value) => value.replace(/\p{Bidi_Control}/gu, ""))
    .refine(isFit, "characters")
    .transform(cleanText)
    .refine((value) => value !== "", "required")
    .refine((value) => value.length <= longestTyped, "too_long");

export const emailSchema = undirected(personFields.email).transform((value, ctx) => {
  const email = parseEmail(value);
  if (email && email.length <= personFields.email.maxLength) return email;
  ctx.addIssue({ code: "custom", message: email ? "too_long" : "email" });
  return z.NEVER;
});

/** The number, with its extension behind `;ext=`; `withExtension` separates them once the whole person is valid. */
const phone = undirected(personFields.phone).transform((value, ctx) => {
  const parsed = parsePhone(value);
  if (parsed) return parsed.extension ? `${parsed.number};ext=${parsed.extension}` : parsed.number;
  ctx.addIssue({ code: "custom", message: value.length > personFields.phone.maxLength ? "too_long" : "phone" });
  return z.NEVER;
});

export function withExtension<T extends { phone: string }>(person: T): T & { phoneExtension?: string | undefined } {
  const [number = "", extension] = person.phone.split(";ext=");
  return { ...person, phone: number, phoneExtension: extension };
}

/** An optional field may be blank; a lone dash counts as blank. */
const optional = (schema: z.ZodType<string>) =>
  z.preprocess(
    (value) => (typeof value === "string" && isFit(value) && isBlank(cleanText(value)) ? undefined : value),
    schema.optional(),
  );

function fieldSchema(field: PersonField, required = field.required) {
  const { kind } = field;
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

/** A schema for each field. A schema of an object of them must end in `withExtension`. */
export const personShape = eachPersonField((_, field) => fieldSchema(field)) as FieldSchemas;

/** The schema of a field that is mandatory here and elsewhere is not. */
export const requiredFieldSchema = (name: PersonFieldName): z.ZodType<string> =>
  fieldSchema(personFields[name], true) as z.ZodType<string>;

import type { User } from "../../prisma/generated/client";
import type { RedactedName } from "../platform/log";

/**
 * The fields of a person, each defined once. The form and its checks, the row, the JSON, the CRM, the export, the
 * import, the search and the pages read them here. A place that needs more than this keeps a record over
 * `PersonFieldName`, so that a field that was added here and forgotten there does not compile. Loaded by the browser:
 * no zod, and nothing that only the server needs.
 */

/** Where Bitrix24 keeps a field: a text of the contact, one of its e-mails or phones, or a line of the deal's comment. */
export type PortalPlace = "name" | "lastName" | "EMAIL" | "PHONE" | "comment";

export interface PersonField {
  /** How it is cleaned and checked. */
  kind: "text" | "email" | "phone";
  required: boolean;
  /** In characters, as typed. */
  maxLength: number;
  /** Where longer text may be typed than is kept: a messenger's link is longer than the number in it. */
  longestTyped?: number;
  /**
   * Content that is rejected, also when an administrator enters it: any advertising; only links, for names that usually
   * contain dots; null: the kind's own check suffices.
   */
  refuses: "advertising" | "links" | null;
  /** The token by which browsers fill it in. */
  autoComplete: string;
  portal: PortalPlace;
  /** Shown before the input, on pages and in the deal's comment. */
  label: { en: string; ru: string };
  /** Instead of the label on pages, and as the column's header in exported or imported lists. */
  header?: { en: string; ru: string };
}

/**
 * In the order of the form. The key is the field's name everywhere: input, column, JSON. It is a column of the user, and
 * the log must redact it.
 */
export const personFields = {
  firstName: {
    kind: "text",
    required: true,
    maxLength: 100,
    refuses: "advertising",
    autoComplete: "given-name",
    portal: "name",
    label: { en: "First name", ru: "Имя" },
  },
  lastName: {
    kind: "text",
    required: false,
    maxLength: 100,
    refuses: "advertising",
    autoComplete: "family-name",
    portal: "lastName",
    label: { en: "Last name", ru: "Фамилия" },
  },
  company: {
    kind: "text",
    required: false,
    maxLength: 200,
    refuses: "links",
    autoComplete: "organization",
    portal: "comment",
    label: { en: "Company", ru: "Компания" },
  },
  email: {
    kind: "email",
    required: true,
    maxLength: 254,
    refuses: null,
    autoComplete: "email",
    portal: "EMAIL",
    label: { en: "E-mail", ru: "Электронная почта" },
    header: { en: "E-mail", ru: "Почта" },
  },
  phone: {
    kind: "phone",
    required: true,
    maxLength: 40,
    longestTyped: 200,
    refuses: null,
    autoComplete: "tel",
    portal: "PHONE",
    label: { en: "Phone", ru: "Телефон" },
  },
} as const satisfies Partial<Record<keyof User & RedactedName, PersonField>>;

export type PersonFieldName = keyof typeof personFields;

/** A person as stored: required fields are never null. */
export type PersonData = {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true ? string : string | null;
};

/** A person's columns: a phone's extension has a column of its own, so that numbers stay comparable. */
export interface StoredPerson extends PersonData {
  /** Digits; null where the number is dialled as it is. */
  phoneExtension: string | null;
}

export const personFieldNames = Object.keys(personFields) as PersonFieldName[];

/** A field without its literal types, for code that treats all fields alike. */
export const personField = (name: PersonFieldName): PersonField => personFields[name];

/** Builds a record with a value for each field. */
export const eachPersonField = <T>(
  make: (name: PersonFieldName, field: PersonField) => T,
): Record<PersonFieldName, T> =>
  Object.fromEntries(personFieldNames.map((name) => [name, make(name, personField(name))])) as Record<
    PersonFieldName,
    T
  >;

/** Input of `pickPerson`. Every field is required: a reader that leaves one out does not compile. */
export type PersonSource = { [Name in PersonFieldName]: PersonData[Name] | undefined } & {
  phoneExtension?: string | null | undefined;
};

/** Picks a person's columns from an object that may hold more. */
export const pickPerson = (source: PersonSource): StoredPerson => ({
  ...(eachPersonField((name) => source[name] ?? null) as PersonData),
  phoneExtension: source.phoneExtension ?? null,
});

import type { User } from "../../prisma/generated/client";

/**
 * What a person is asked for, each field defined once. The form and its checks, the row, the JSON, the CRM, the export,
 * the import, the search and the pages read it here; where one of them needs more than this, it keeps a record over
 * `PersonFieldName`, so that a field added here and forgotten there does not compile.
 *
 * Loaded by the browser: no zod, and nothing that only the server needs.
 */

/** Where Bitrix24 keeps a field: a text of the contact, one of its e-mails or phones, or a line of the deal's comment. */
export type PortalPlace = "name" | "lastName" | "EMAIL" | "PHONE" | "comment";

export interface PersonField {
  /** How it is cleaned and checked. */
  kind: "text" | "email" | "phone";
  required: boolean;
  /** In characters, as typed. */
  maxLength: number;
  /** What it may not hold, whoever enters it: any advertising; links alone, where names with a dot are usual; null: decided by its kind. */
  refuses: "advertising" | "links" | null;
  /** The token by which browsers fill it in. */
  autoComplete: string;
  portal: PortalPlace;
  /** Before the input, and in the deal's comment. */
  label: { en: string; ru: string };
  /** On pages, and of the column in lists that are exported or imported. */
  header: { en: string; ru: string };
}

/** In the order in which they are asked for. The key is the name everywhere: input, column, JSON. */
export const personFields = {
  firstName: {
    kind: "text",
    required: true,
    maxLength: 100,
    refuses: "advertising",
    autoComplete: "given-name",
    portal: "name",
    label: { en: "First name", ru: "Имя" },
    header: { en: "First name", ru: "Имя" },
  },
  lastName: {
    kind: "text",
    required: false,
    maxLength: 100,
    refuses: "advertising",
    autoComplete: "family-name",
    portal: "lastName",
    label: { en: "Last name", ru: "Фамилия" },
    header: { en: "Last name", ru: "Фамилия" },
  },
  company: {
    kind: "text",
    required: false,
    maxLength: 200,
    refuses: "links",
    autoComplete: "organization",
    portal: "comment",
    label: { en: "Company", ru: "Компания" },
    header: { en: "Company", ru: "Компания" },
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
    refuses: null,
    autoComplete: "tel",
    portal: "PHONE",
    label: { en: "Phone", ru: "Телефон" },
    header: { en: "Phone", ru: "Телефон" },
  },
} as const satisfies Partial<Record<keyof User, PersonField>>;

export type PersonFieldName = keyof typeof personFields;

/** A person as stored: what is required is never null. */
export type PersonData = {
  [Name in PersonFieldName]: (typeof personFields)[Name]["required"] extends true ? string : string | null;
};

/** A person's columns: a phone's extension stands beside it, so that the number stays one that can be compared. */
export interface StoredPerson extends PersonData {
  /** Digits; null where the number is dialled as it is. */
  phoneExtension: string | null;
}

export const personFieldNames = Object.keys(personFields) as PersonFieldName[];

/** A field without its literal types, for what treats all of them alike. */
export const personField = (name: PersonFieldName): PersonField => personFields[name];

/** Something for each field, under its name. */
export const eachPersonField = <T>(
  make: (name: PersonFieldName, field: PersonField) => T,
): Record<PersonFieldName, T> =>
  Object.fromEntries(personFieldNames.map((name) => [name, make(name, personField(name))])) as Record<
    PersonFieldName,
    T
  >;

/** The columns, as Prisma selects them. */
export const personColumns = { ...eachPersonField(() => true as const), phoneExtension: true } as const;

/** What `pickPerson` reads. Every field has to be there: one that a reader leaves out does not compile. */
export type PersonSource = { [Name in PersonFieldName]: PersonData[Name] | undefined } & {
  phoneExtension?: string | null | undefined;
};

/** A person's columns out of an object that may hold more. */
export const pickPerson = (source: PersonSource): StoredPerson => ({
  ...(eachPersonField((name) => source[name] ?? null) as PersonData),
  phoneExtension: source.phoneExtension ?? null,
});

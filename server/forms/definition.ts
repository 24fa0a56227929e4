import { type PersonFieldName, personFieldNames } from "../person/fields";
import type { SettingKey } from "../settings/definitions";

/**
 * What a registration form asks, says and sells. Loaded by the browser: no zod, and nothing that only the server needs.
 */

/** A text in both languages; a blank one is replaced by the other language's. */
export interface FormWords {
  en: string;
  ru: string;
}

/**
 * `text` is one line and `long` several; `choice` is one of the options and `choices` any number of them; `hidden` is
 * taken from the page's address and shown to administrators only.
 */
export const questionKinds = ["text", "long", "choice", "choices", "number", "date", "yesno", "hidden"] as const;
export type QuestionKind = (typeof questionKinds)[number];

export interface QuestionOption {
  /** What is stored and sent; never changes once people have chosen it. */
  value: string;
  label: FormWords;
}

/** A question of the owner's own. */
export interface Question {
  /**
   * Its name in forms, in JSON and in exported lists. No other question of the site has it, also after this one was
   * removed, so that an answer always belongs to one question.
   */
  key: string;
  kind: QuestionKind;
  label: FormWords;
  help: FormWords;
  required: boolean;
  /** Of a choice. */
  options: QuestionOption[];
  /** Options that are offered no longer. They keep their words for the answers that were given. */
  former: QuestionOption[];
  /** Of a hidden question: the parameter of the address that holds the answer. */
  parameter: string;
}

/** A person's field in the form. Words that are blank are the usual ones. */
export interface FieldItem {
  field: PersonFieldName;
  label: FormWords;
  help: FormWords;
  /** First name, e-mail and phone always are. */
  required: boolean;
}

export type FormItem = FieldItem | { question: Question };

/** What happens after a registration: the account, a text of the owner's own, or another address. */
export type AfterRegistration =
  | { kind: "account" }
  | { kind: "text"; text: FormWords }
  | { kind: "address"; address: string };

/** The settings that a form may have of its own. */
export const formSettingKeys = [
  "product",
  "price",
  "showPrice",
  "funnel",
  "stage",
  "paidStage",
  "source",
  "dealTitle",
  "responsible",
  "keepOwner",
  "fields",
] as const satisfies SettingKey[];
export type FormSettingKey = (typeof formSettingKeys)[number];

/**
 * What the form's registrations have instead of the site's settings, as text and checked like them; a setting that is
 * left out is the site's. `fields` adds to the site's map. It also holds where the environment locks the site's setting.
 */
export type FormSettings = Partial<Record<FormSettingKey, string>>;

export interface FormDefinition {
  /** The page's heading and the sentence below it; blank: the usual ones. */
  heading: FormWords;
  lead: FormWords;
  /** In the order of the form. */
  items: FormItem[];
  /** Questions that are asked no longer. They keep their words for the answers that were given. */
  removed: Question[];
  after: AfterRegistration;
  settings: FormSettings;
}

/** The person's fields that a form may leave out or make mandatory; the others are always asked and mandatory. */
export const freeFields: readonly PersonFieldName[] = ["lastName", "company"];

const noWords: FormWords = { en: "", ru: "" };

/** The form of an installation that has changed nothing. */
export const usualItems: FormItem[] = personFieldNames.map((field) => ({
  field,
  label: noWords,
  help: noWords,
  required: !freeFields.includes(field),
}));

import type { Locale } from "../platform/locales";

/** The consents that people are asked for. Loaded by the browser: types and names only. */

/** The key of the consent to the processing of one's details, without which nobody is registered. */
export const processingKind = "registration";

/** Advertising may never be a condition: the law wants that consent to be free. */
export const purposes = ["processing", "advertising", "other"] as const;
export type Purpose = (typeof purposes)[number];

export interface ConsentWording {
  /** Of the built-in wordings the day they came into use, of the owner's a number. */
  version: string;
  /** Beside the tick. */
  label: Record<Locale, string>;
  /** The paragraphs below it. */
  text: Record<Locale, string[]>;
}

export interface ConsentKind {
  key: string;
  purpose: Purpose;
  required: boolean;
  /** Not asked for any more. */
  retired: boolean;
  wording: ConsentWording;
}

/** A consent as the form asks for it, in the visitor's language. */
export interface AskedConsent {
  key: string;
  /** The name of its box. */
  field: string;
  version: string;
  required: boolean;
  label: string;
  text: string[];
}

/** With a sign that no key of a question has. */
const fieldPrefix = "consent-";

export const consentField = (key: string): string => (key === processingKind ? "consent" : `${fieldPrefix}${key}`);

/** Whether a field is the box of a consent beside that to the processing. */
export const isConsentField = (name: string): boolean => name.startsWith(fieldPrefix);

/** The hidden field that says which wordings a form has shown, see shown.ts. */
export const shownField = "_consents";

/** In the place of a key in addresses: the page on which a consent is added. No consent has it. */
export const newKey = "new";

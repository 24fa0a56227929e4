import { cleanText, hasUnfitCharacters, isBlank } from "../platform/clean-text";
import { type Locale, locales } from "../platform/locales";
import { consentLimits } from "./consent-limits";
import { type ConsentWording, newKey, type Purpose, processingKind, purposes } from "./kinds";

/** A consent as an administrator has typed it. */
export interface TypedConsent {
  key: string;
  purpose: string;
  required: boolean;
  label: Record<Locale, string>;
  /** One paragraph a line. */
  text: Record<Locale, string>;
}

export interface ConsentDraft {
  key: string;
  purpose: Purpose;
  required: boolean;
  wording: Omit<ConsentWording, "version">;
}

export type DraftField = "key" | "purpose" | "required" | `label.${Locale}` | `text.${Locale}`;
export type DraftProblem =
  | "key"
  | "purpose"
  | "condition"
  | "processing"
  | "missing"
  | "long"
  | "unfit"
  | "operator"
  // Decided by what is stored.
  | "key_used"
  | "too_many";
export type DraftProblems = Partial<Record<DraftField, DraftProblem>>;

/** Stands for the operator's name and address, which a consent has to tell. Filled in when the text is saved. */
const operatorPlaceholder = "{operator}";

/** Whether a consent can have the key; `newKey` is none of them, although it looks like one. */
export const isConsentKey = (text: string): boolean =>
  /^[a-z][a-z0-9]*$/.test(text) && text.length <= consentLimits.key;

export interface OperatorNamed {
  name: string | null;
  address: string | null;
}

/** Cleans and checks what was typed; `problems` are by field and empty if there are none. */
export function readDraft(
  typed: TypedConsent,
  operator: OperatorNamed,
): { draft: ConsentDraft; problems: DraftProblems } {
  const problems: DraftProblems = {};
  const key = typed.key.trim();
  const purpose = purposes.find((each) => each === typed.purpose) ?? "other";
  if (!isConsentKey(key) || key === newKey) problems.key = "key";
  if ((purpose === "processing") !== (key === processingKind) || purpose !== typed.purpose)
    problems.purpose = "purpose";
  if (purpose === "advertising" && typed.required) problems.required = "condition";
  if (purpose === "processing" && !typed.required) problems.required = "processing";
  const label = {} as Record<Locale, string>;
  const text = {} as Record<Locale, string[]>;
  for (const locale of locales) {
    const named = (words: string) => words.replaceAll(operatorPlaceholder, operatorText(operator));
    label[locale] = cleanText(named(typed.label[locale]));
    text[locale] = named(typed.text[locale])
      .split(/\r\n|[\n\r\u2028\u2029]/)
      .map(cleanText)
      .filter((paragraph) => paragraph !== "");
    const labelProblem = problemOf([label[locale]], consentLimits.label);
    const textProblem = problemOf(text[locale], consentLimits.text);
    if (labelProblem) problems[`label.${locale}`] = labelProblem;
    if (textProblem) problems[`text.${locale}`] = textProblem;
    if (operator.name !== null) continue;
    if (typed.label[locale].includes(operatorPlaceholder)) problems[`label.${locale}`] = "operator";
    if (typed.text[locale].includes(operatorPlaceholder)) problems[`text.${locale}`] = "operator";
  }
  return { draft: { key, purpose, required: typed.required, wording: { label, text } }, problems };
}

const operatorText = ({ name, address }: OperatorNamed): string => [name, address].filter(Boolean).join(", ");

function problemOf(paragraphs: string[], max: number): "missing" | "long" | "unfit" | null {
  const whole = paragraphs.join("\n");
  if (isBlank(whole)) return "missing";
  if (whole.length > max) return "long";
  return paragraphs.some(hasUnfitCharacters) ? "unfit" : null;
}

/** What the owner may want to think about before it is saved; nothing of it is refused. */
export type DraftWarning = "unnamed_operator" | "no_operator" | "reads_as_advertising";

export function draftWarnings({ purpose, required, wording }: ConsentDraft, operator: OperatorNamed): DraftWarning[] {
  const words = locales.map((locale) => [wording.label[locale], ...wording.text[locale]].join("\n").toLowerCase());
  const warnings: DraftWarning[] = [];
  const { name } = operator;
  if (name === null) warnings.push("no_operator");
  else if (words.some((each) => !each.includes(name.toLowerCase()))) warnings.push("unnamed_operator");
  if (purpose === "other" && required && words.some((each) => advertising.test(each)))
    warnings.push("reads_as_advertising");
  return warnings;
}

const advertising = /реклам|рассыл|маркетинг|акци[яийюе]|advertis|newsletter|marketing|promotion/;

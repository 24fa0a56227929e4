import type { ProblemCode } from "~/i18n/errors";
import type { AskedConsent } from "~server/consents/kinds";
import { answerField } from "~server/forms/questions";
import type { ShownItem } from "~server/forms/shown-form";
import { type PersonField, personField } from "~server/person/fields";
import { cleanText, isBlank } from "~server/platform/clean-text";
import { passwordLimits } from "~server/platform/password-limits";

/**
 * Checks of a registration in the browser. Looser than the server's schema and without zod or phone metadata, which
 * would be the larger half of the page: they may accept what the server rejects, never the reverse.
 */

type Values = Record<string, unknown>;

const text = (values: Values, name: string) => cleanText(String(values[name] ?? ""));

const kindProblems: Record<PersonField["kind"], (value: string) => ProblemCode | null> = {
  text: () => null,
  // With the wide signs of East Asian keyboards, which the server understands, too.
  email: (value) => (/^[^@＠]+[@＠][^@＠]+[.．。｡][^@＠]+$/.test(value) ? null : "email"),
  phone: (value) => ((value.match(/\p{Nd}/gu) ?? []).length < 7 ? "phone" : null),
};

function fieldProblem(
  value: string,
  { kind, maxLength, longestTyped = maxLength }: PersonField,
  required: boolean,
): ProblemCode | null {
  if (kind === "text" ? isBlank(value) : !value) return required ? "required" : null;
  return value.length > longestTyped ? "too_long" : kindProblems[kind](value);
}

/** A password's longest length is left to the server, which counts an emoji as one character. */
function passwordProblem(value: string): ProblemCode | null {
  if (!value) return "required";
  return value.length < passwordLimits.min ? "password_short" : null;
}

/** Of an own question only that it was answered: all else is the server's. */
function itemProblem(values: Values, item: ShownItem): [string, ProblemCode | null] {
  if ("field" in item)
    return [item.field, fieldProblem(text(values, item.field), personField(item.field), item.required)];
  const name = answerField(item.key);
  return [name, item.required && !text(values, name) ? "required" : null];
}

/** The problems by input; an empty object if there is nothing to object to. */
export function registrationProblems(
  values: Values,
  items: readonly ShownItem[],
  consents: readonly Pick<AskedConsent, "field" | "required">[] = [],
): Record<string, [ProblemCode]> {
  const problems: [string, ProblemCode | null][] = [
    ...items.map((item) => itemProblem(values, item)),
    ["password", passwordProblem(String(values.password ?? ""))],
    ["consent", values.consent === "on" ? null : "consent"],
    ...consents.map(({ field, required }): [string, ProblemCode | null] => [
      field,
      required && values[field] !== "on" ? "consent" : null,
    ]),
  ];
  return Object.fromEntries(problems.flatMap(([field, code]) => (code ? [[field, [code]]] : [])));
}

/** The problems of a form that is about to be sent. */
export const checkRegistration = (form: FormData, items: readonly ShownItem[], consents: readonly AskedConsent[]) =>
  registrationProblems(Object.fromEntries(form), items, consents);

import type { ProblemCode } from "~/i18n/errors";
import type { AskedConsent } from "~server/consents/kinds";
import { eachPersonField, type PersonField } from "~server/person/fields";
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

function fieldProblem(value: string, { kind, required, maxLength }: PersonField): ProblemCode | null {
  if (kind === "text" ? isBlank(value) : !value) return required ? "required" : null;
  return value.length > maxLength ? "too_long" : kindProblems[kind](value);
}

function passwordProblem(value: string): ProblemCode | null {
  if (!value) return "required";
  if (value.length < passwordLimits.min) return "password_short";
  return value.length > passwordLimits.max ? "too_long" : null;
}

/** The problems by field; an empty object if there is nothing to object to. */
export function registrationProblems(
  values: Values,
  consents: readonly Pick<AskedConsent, "field" | "required">[] = [],
): Record<string, [ProblemCode]> {
  const problems: Record<string, ProblemCode | null> = {
    ...eachPersonField((name, field) => fieldProblem(text(values, name), field)),
    password: passwordProblem(String(values.password ?? "")),
    consent: values.consent === "on" ? null : "consent",
    ...Object.fromEntries(
      consents.map(({ field, required }) => [field, required && values[field] !== "on" ? "consent" : null]),
    ),
  };
  return Object.fromEntries(Object.entries(problems).flatMap(([field, code]) => (code ? [[field, [code]]] : [])));
}

/** The problems of a form that is about to be sent. */
export const checkRegistration = (form: FormData, consents: readonly AskedConsent[]) =>
  registrationProblems(Object.fromEntries(form), consents);

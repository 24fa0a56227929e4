import { parse } from "@conform-to/react";
import type { ProblemCode } from "~/i18n/errors";
import { registrationLimits as limits } from "~server/auth/field-limits";

/**
 * What the browser can say of a registration while it is typed. Looser than the server's schema and without zod or
 * phone metadata, which would be the larger half of the page: it may let through what the server refuses, never the reverse.
 */

type Values = Record<string, unknown>;

const text = (values: Values, name: string) => String(values[name] ?? "").trim();

function nameProblem(value: string, required: boolean): ProblemCode | null {
  if (!value) return required ? "required" : null;
  return value.length > limits.name ? "too_long" : null;
}

function emailProblem(value: string): ProblemCode | null {
  if (!value) return "required";
  if (value.length > limits.email) return "too_long";
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : "email";
}

function phoneProblem(value: string): ProblemCode | null {
  if (!value) return "required";
  if (value.length > limits.phone) return "too_long";
  return (value.match(/\p{Nd}/gu) ?? []).length < 7 ? "phone" : null;
}

function passwordProblem(value: string): ProblemCode | null {
  if (!value) return "required";
  if (value.length < limits.passwordMin) return "password_short";
  return value.length > limits.passwordMax ? "too_long" : null;
}

/** The problems by field; an empty object if there is nothing to object to. */
export function registrationProblems(values: Values): Record<string, [ProblemCode]> {
  const problems: Record<string, ProblemCode | null> = {
    firstName: nameProblem(text(values, "firstName"), true),
    lastName: nameProblem(text(values, "lastName"), false),
    email: emailProblem(text(values, "email")),
    phone: phoneProblem(text(values, "phone")),
    password: passwordProblem(String(values.password ?? "")),
    consent: values.consent === "on" ? null : "consent",
  };
  return Object.fromEntries(Object.entries(problems).flatMap(([field, code]) => (code ? [[field, [code]]] : [])));
}

/** For Conform's onValidate. */
export const checkRegistration = (formData: FormData) =>
  parse(formData, {
    resolve: (values) => {
      const error = registrationProblems(values);
      return Object.keys(error).length > 0 ? { error } : { value: values };
    },
  });

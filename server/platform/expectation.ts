import type { z } from "zod";

/**
 * What an operator is told about a bad value, where its check has no words of its own: the library would speak of its types,
 * such as "expected number, received NaN". The value itself is never named.
 */
export function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "int" ? "expected a whole number" : `expected a ${issue.expected}`;
    case "too_small":
      return `expected ${issue.inclusive === false ? `more than ${issue.minimum}` : `${issue.minimum} or more`}${unit(issue.origin)}`;
    case "too_big":
      return `expected ${issue.maximum}${unit(issue.origin)} or ${issue.origin === "string" ? "fewer" : "less"}`;
    case "invalid_value":
      return issue.values.length > 1
        ? `expected one of: ${issue.values.join(", ")}`
        : `expected ${String(issue.values[0])}`;
    default:
      return undefined;
  }
}

const unit = (origin: string): string => (origin === "string" ? " characters" : "");

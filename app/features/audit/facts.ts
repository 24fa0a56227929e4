import { factsOfAction } from "~/features/audit/action-facts";
import { auditTexts } from "~/features/audit/texts";
import { paymentTexts } from "~/features/payments/texts";
import type { Locale } from "~/i18n/locale";
import { reasonOf } from "~server/queue/reasons";

/** An entry's facts in words, where there are words for them. What is empty says nothing, nor does a bare "no". */
export function auditFacts(action: string, details: Record<string, unknown>, locale: Locale): string[] {
  const words = { ...auditTexts[locale].details, ...factsOfAction[locale][action] };
  return Object.entries(details).flatMap(([key, value]) => {
    if (value === null || value === "") return [];
    if (key === "code") return [`${reasonOf(locale, { code: String(value) }).what} (${value})`];
    if (key === "origin") return [paymentTexts[locale].origins[String(value)] ?? String(value)];
    if (words[key]) return words[key](value, details) || [];
    return value === false ? [] : [`${key}: ${value === true ? "✓" : value}`];
  });
}

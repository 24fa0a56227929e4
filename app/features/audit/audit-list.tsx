import { Link } from "@remix-run/react";
import { DateTime } from "~/components/ui/date-time";
import { auditTexts } from "~/features/audit/texts";
import { paymentTexts } from "~/features/payments/texts";
import { ActorName } from "~/features/users/actor-name";
import { type Locale, useLocale, useTexts } from "~/i18n/locale";
import type { AuditView } from "~server/audit/audit";
import { reasonOf } from "~server/queue/reasons";

/** Who changed what, and whom it concerns. */
export function AuditList({ entries, names }: { entries: AuditView[]; names: Record<string, string> }) {
  const m = useTexts(auditTexts);
  const locale = useLocale();
  return (
    <ul aria-label={m.list} className="divide-y divide-line">
      {entries.map(({ id, at, actor, action, targetId, details }) => (
        <li
          key={id}
          className="grid gap-x-6 gap-y-1 px-4 py-3 sm:px-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_minmax(0,1fr)_15rem]"
        >
          <div className="min-w-0">
            <p className="font-medium">{m.actions[action] ?? action}</p>
            <p className="text-sm wrap-anywhere text-ink-soft">{factsOf(details, locale).join(" · ")}</p>
          </div>
          <p className="min-w-0 text-sm">
            <ActorName actor={actor} names={names} />
          </p>
          <p className="min-w-0 text-sm">
            {targetId === null ? null : (
              <Link
                to={`/admin/users/${targetId}`}
                className="underline decoration-line underline-offset-4 hover:decoration-current"
              >
                {m.concerns(targetId)}
              </Link>
            )}
          </p>
          <p className="text-sm text-ink-soft lg:text-right">
            <DateTime value={at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

/** The entry's facts in words, where there are words for them. What is empty says nothing, nor does a bare "no". */
function factsOf(details: AuditView["details"], locale: Locale): string[] {
  const words = auditTexts[locale].details;
  return Object.entries(details).flatMap(([key, value]) => {
    if (value === null || value === "") return [];
    if (key === "code") return [`${reasonOf(locale, { code: String(value) }).what} (${value})`];
    if (key === "origin") return [paymentTexts[locale].origins[String(value)] ?? String(value)];
    if (words[key]) return words[key](value) || [];
    return value === false ? [] : [`${key}: ${value === true ? "✓" : value}`];
  });
}

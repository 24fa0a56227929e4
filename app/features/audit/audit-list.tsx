import { Link } from "@remix-run/react";
import { DateTime } from "~/components/ui/date-time";
import { auditFacts } from "~/features/audit/facts";
import { auditTexts } from "~/features/audit/texts";
import { ActorName } from "~/features/users/actor-name";
import { useLocale, useTexts } from "~/i18n/locale";
import type { AuditView } from "~server/audit/audit";

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
            <p className="text-sm wrap-anywhere text-ink-soft">{auditFacts(details, locale).join(" · ")}</p>
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

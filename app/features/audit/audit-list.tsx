import { Link } from "@remix-run/react";
import { DateTime } from "~/components/ui/date-time";
import { denseCell, denseLink, denseList, denseRow } from "~/components/ui/dense-list";
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
    <ul aria-label={m.list} className={denseList}>
      {entries.map(({ id, at, actor, action, targetId, details }) => (
        <li key={id} className={`${denseRow} lg:grid-cols-[minmax(0,6fr)_minmax(0,6fr)_minmax(0,3fr)_6rem_11rem]`}>
          <p className="min-w-0 font-medium">{m.actions[action] ?? action}</p>
          <p className={`${denseCell} max-lg:empty:hidden`}>{auditFacts(action, details, locale).join(" · ")}</p>
          <p className={denseCell}>
            <ActorName actor={actor} names={names} />
          </p>
          <p className={`${denseCell} max-lg:empty:hidden`}>
            {targetId === null ? null : (
              <Link to={`/admin/users/${targetId}`} className={denseLink}>
                {m.concerns(targetId)}
              </Link>
            )}
          </p>
          <p className={`${denseCell} lg:text-right`}>
            <DateTime value={at} />
          </p>
        </li>
      ))}
    </ul>
  );
}

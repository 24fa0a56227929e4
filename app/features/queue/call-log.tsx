import { Badge, type BadgeTone } from "~/components/ui/badge";
import { DateTime } from "~/components/ui/date-time";
import { adminUserTexts } from "~/features/users/person-texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { CrmLogView } from "~server/crm/call-log";
import { reasonOf } from "~server/queue/reasons";

const tones: Record<CrmLogView["outcome"], BadgeTone> = { OK: "good", NO: "bad", UNKNOWN: "wait" };

/** Every step of a registration on the portal, the newest first, with its failures in words. */
export function CrmLog({ entries }: { entries: CrmLogView[] }) {
  const m = useTexts(adminUserTexts).log;
  const locale = useLocale();
  if (entries.length === 0) return <p className="text-sm text-ink-soft">{m.empty}</p>;
  return (
    <ol className="divide-y divide-line">
      {entries.map(({ id, at, method, outcome, code, durationMs, attempt, contactId, dealId, requestId }) => (
        <li key={id} className="grid gap-1 py-2.5">
          <p className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <code className="min-w-0 font-mono text-sm break-all" translate="no">
              {method}
            </code>
            <Badge tone={tones[outcome]}>{m.outcomes[outcome]}</Badge>
          </p>
          <p className="text-sm text-ink-soft">
            <DateTime value={at} />
            {[
              m.attempt(attempt),
              durationMs > 0 ? m.milliseconds(durationMs) : null,
              contactId === null ? null : m.contact(contactId),
              dealId === null ? null : m.deal(dealId),
            ]
              .filter((fact) => fact !== null)
              .map((fact) => ` · ${fact}`)}
            {requestId === null ? null : (
              <>
                {` · ${m.request} `}
                <code className="font-mono text-xs wrap-anywhere" translate="no">
                  {requestId}
                </code>
              </>
            )}
          </p>
          {code ? (
            <p className="text-sm">
              {reasonOf(locale, { code }).what}{" "}
              <code className="font-mono text-xs wrap-anywhere text-ink-soft" translate="no">
                {code}
              </code>
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

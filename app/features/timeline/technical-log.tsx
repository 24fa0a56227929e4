import { Pager } from "~/components/ui/pager";
import { CrmLog } from "~/features/queue/call-log";
import { timelineTexts } from "~/features/timeline/texts";
import { adminUserTexts } from "~/features/users/person-texts";
import { useTexts } from "~/i18n/locale";
import type { CrmLogView } from "~server/crm/call-log";

interface Props {
  /** The person's page. */
  page: string;
  /** `isFirst`: nothing of it was asked for yet. `isNewest`: there are no later entries. */
  log: { entries: CrmLogView[]; next: string | null; isFirst: boolean; isNewest: boolean };
}

/** The requests to the portal behind the history: methods, codes and request ids, folded until they are asked for. */
export function TechnicalLog({ page, log }: Props) {
  const m = useTexts(timelineTexts);
  const words = useTexts(adminUserTexts).log;
  return (
    <details id="log" open={!log.isFirst} className="border-t border-line pt-4">
      <summary className="w-fit font-medium">{m.technical}</summary>
      <div className="mt-3 grid gap-3">
        <p className="text-sm text-ink-soft">{m.technicalLead}</p>
        <CrmLog entries={log.entries} />
        <Pager
          label={m.technical}
          previous={log.isNewest ? null : { to: `${page}?log=newest#log`, label: words.newest }}
          next={log.next ? { to: `${page}?log=${log.next}#log`, label: words.older } : null}
        />
      </div>
    </details>
  );
}

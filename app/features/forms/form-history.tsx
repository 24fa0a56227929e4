import { formsTexts } from "~/features/forms/texts";
import { HistoryList } from "~/features/settings/history-list";
import { useTexts } from "~/i18n/locale";
import type { FormChangeView } from "~server/forms/form-history";

/** The changes of a form; the newest one can be undone. */
export function FormHistory({ changes, names }: { changes: FormChangeView[]; names: Record<string, string> }) {
  const m = useTexts(formsTexts);
  return (
    <HistoryList changes={changes} names={names}>
      {({ parts }) => <p>{parts.map((part) => m.changed[part]).join(", ")}</p>}
    </HistoryList>
  );
}

import { versionText } from "~/features/consents/consent-kinds";
import { consentsTexts } from "~/features/consents/texts";
import { HistoryList } from "~/features/settings/history-list";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ConsentChanges } from "~server/consents/change";
import type { ConsentsView } from "~server/consents/view";

/** The changes of consents; those of which nothing was changed since can be undone. */
export function ConsentHistory({
  changes,
  labels,
  names,
}: Pick<ConsentsView, "changes" | "labels"> & { names: Record<string, string> }) {
  const m = useTexts(consentsTexts);
  return (
    <HistoryList changes={changes} names={names} none={m.none}>
      {({ changes: changed }) => <ChangedConsents changes={changed} labels={labels} />}
    </HistoryList>
  );
}

function ChangedConsents({ changes, labels }: { changes: ConsentChanges; labels: ConsentsView["labels"] }) {
  const locale = useLocale();
  const m = useTexts(consentsTexts);
  return (
    <ul className="grid gap-1">
      {Object.entries(changes).map(([key, { from, to }]) => (
        <li key={key} className="wrap-anywhere">
          <span className="font-medium">{labels[key]?.[locale] ?? key}:</span> {differences(m, from, to).join(", ")}
        </li>
      ))}
    </ul>
  );
}

type State = ConsentChanges[string]["from"];

/** A missing row of the built-in consent is what it has always been: neither added nor removed. */
function differences(m: (typeof consentsTexts)["en"], from: State, to: State): string[] {
  const state = to ?? from;
  if (state && state.purpose !== "processing" && (!from || !to)) return [to ? m.changes.added : m.changes.removed];
  const words: string[] = [];
  if ((from?.version ?? null) !== (to?.version ?? null))
    words.push(m.changes.words(versionText(m, to?.version ?? null)));
  if (from && to && from.required !== to.required) words.push(to.required ? m.required : m.optional);
  if (from && to && from.retired !== to.retired) words.push(to.retired ? m.changes.retired : m.changes.restored);
  if ((from?.position ?? 0) !== (to?.position ?? 0)) words.push(m.changes.moved);
  return words;
}

import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { EmptyState } from "~/components/ui/empty-state";
import { PostForm } from "~/components/ui/post-form";
import { versionText } from "~/features/consents/consent-kinds";
import { consentsTexts } from "~/features/consents/texts";
import { ActorName } from "~/features/users/actor-name";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ConsentChanges } from "~server/consents/change";
import type { ConsentsView } from "~server/consents/view";

/** Who changed what of the consents, and when; those of which nothing was changed since can be undone. */
export function ConsentHistory({
  changes,
  labels,
  names,
}: Pick<ConsentsView, "changes" | "labels"> & { names: Record<string, string> }) {
  const m = useTexts(consentsTexts);
  return (
    <section className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">{m.history}</h2>
      {changes.length === 0 ? (
        <EmptyState title={m.none.title}>{m.none.text}</EmptyState>
      ) : (
        <Card>
          <ul aria-label={m.history} className="divide-y divide-line">
            {changes.map(({ id, at, actor, changes: changed, undoes, undoable }) => (
              <li key={id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
                <div className="grid min-w-0 gap-1">
                  <ChangedConsents changes={changed} labels={labels} />
                  <p className="text-sm text-ink-soft">
                    {m.number(id)} · <DateTime value={at} /> · <ActorName actor={actor} names={names} />
                    {undoes === null ? "" : ` · ${m.undoes(undoes)}`}
                  </p>
                </div>
                {undoable ? (
                  <PostForm>
                    <Button type="submit" name="undo" value={id} look="secondary" size="sm" aria-label={m.undoOf(id)}>
                      {m.undo}
                    </Button>
                  </PostForm>
                ) : null}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </section>
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

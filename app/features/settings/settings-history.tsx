import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { EmptyState } from "~/components/ui/empty-state";
import { PostForm } from "~/components/ui/post-form";
import { ChangeList } from "~/features/settings/change-list";
import { settingsTexts } from "~/features/settings/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { SettingChangeView } from "~server/settings/change";

/** The newest changes, with who made them; those of which nothing was changed since can be undone. */
export function SettingsHistory({ changes, names }: { changes: SettingChangeView[]; names: Record<string, string> }) {
  const m = useTexts(settingsTexts);
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
                  <ChangeList changes={changed} />
                  <p className="text-sm text-ink-soft">
                    {m.number(id)} · <DateTime value={at} /> · <ActorName actor={actor} names={names} />
                    {undoes === null ? "" : ` · ${m.undoes(undoes)}`}
                  </p>
                </div>
                {undoable ? (
                  <PostForm action="/admin/settings">
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

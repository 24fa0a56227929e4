import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { formsTexts } from "~/features/forms/texts";
import { settingsTexts } from "~/features/settings/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { FormChangeView } from "~server/forms/change";

/** Who changed what of a form and when; the newest change can be undone. */
export function FormHistory({ changes, names }: { changes: FormChangeView[]; names: Record<string, string> }) {
  const m = useTexts(formsTexts);
  const s = useTexts(settingsTexts);
  if (changes.length === 0) return null;
  return (
    <section className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">{s.history}</h2>
      <Card>
        <ul aria-label={s.history} className="divide-y divide-line">
          {changes.map(({ id, at, actor, parts, undoes, undoable }) => (
            <li key={id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
              <div className="grid min-w-0 gap-1">
                <p>{parts.map((part) => m.changed[part]).join(", ")}</p>
                <p className="text-sm text-ink-soft">
                  {s.number(id)} · <DateTime value={at} /> · <ActorName actor={actor} names={names} />
                  {undoes === null ? "" : ` · ${s.undoes(undoes)}`}
                </p>
              </div>
              {undoable ? (
                <PostForm>
                  <Button type="submit" name="undo" value={id} look="secondary" size="sm" aria-label={s.undoOf(id)}>
                    {s.undo}
                  </Button>
                </PostForm>
              ) : null}
            </li>
          ))}
        </ul>
      </Card>
    </section>
  );
}

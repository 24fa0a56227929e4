import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { EmptyState } from "~/components/ui/empty-state";
import { PostForm } from "~/components/ui/post-form";
import { settingsTexts } from "~/features/settings/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { ActorRef } from "~server/audit/actor";

interface Change {
  id: number;
  at: string;
  actor: ActorRef;
  /** The change that it took back. */
  undoes: number | null;
  undoable: boolean;
}

interface Props<One extends Change> {
  changes: One[];
  names: Record<string, string>;
  /** What a change has changed. */
  children: (change: One) => ReactNode;
  /** Said where nothing was changed yet; left out: the history is not shown then. */
  none?: { title: string; text: string };
  /** The page that takes a change back, if it is another one. */
  action?: string;
}

/** Who changed what of the owner's settings, and when; a change that can be undone has a button for that. */
export function HistoryList<One extends Change>({ changes, names, children, none, action }: Props<One>) {
  const m = useTexts(settingsTexts);
  if (changes.length === 0 && !none) return null;
  return (
    <section className="grid gap-3">
      <h2 className="text-lg font-semibold">{m.history}</h2>
      {changes.length === 0 && none ? (
        <EmptyState title={none.title}>{none.text}</EmptyState>
      ) : (
        <Card>
          <ul aria-label={m.history} className="divide-y divide-line">
            {changes.map((change) => {
              const { id, at, actor, undoes, undoable } = change;
              return (
                <li key={id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3 sm:px-5">
                  <div className="grid min-w-0 gap-1">
                    {children(change)}
                    <p className="text-sm text-ink-soft">
                      {m.number(id)} · <DateTime value={at} /> · <ActorName actor={actor} names={names} />
                      {undoes === null ? "" : ` · ${m.undoes(undoes)}`}
                    </p>
                  </div>
                  {undoable ? (
                    <PostForm {...(action ? { action } : {})}>
                      <Button type="submit" name="undo" value={id} look="secondary" size="sm" aria-label={m.undoOf(id)}>
                        {m.undo}
                      </Button>
                    </PostForm>
                  ) : null}
                </li>
              );
            })}
          </ul>
        </Card>
      )}
    </section>
  );
}

import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { denseButton, denseCell, denseEntries, denseRow } from "~/components/ui/dense-list";
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
          <ul aria-label={m.history} className={denseEntries}>
            {changes.map((change) => {
              const { id, at, actor, undoes, undoable } = change;
              return (
                <li key={id} className={`${denseRow} grid-cols-1 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)_6rem]`}>
                  <div className="min-w-0">{children(change)}</div>
                  <p className={denseCell}>
                    {m.number(id)} · <DateTime value={at} /> · <ActorName actor={actor} names={names} />
                    {undoes === null ? "" : ` · ${m.undoes(undoes)}`}
                  </p>
                  {undoable ? (
                    <PostForm {...(action ? { action } : {})} className="max-lg:pt-1 lg:text-right">
                      <Button
                        type="submit"
                        name="undo"
                        value={id}
                        look="secondary"
                        size="sm"
                        className={denseButton}
                        aria-label={m.undoOf(id)}
                      >
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

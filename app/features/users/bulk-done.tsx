import { useNavigationType } from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { toastTexts } from "~/features/toasts/texts";
import { dismissToast, showToast, type Undoing, useIsUndone } from "~/features/toasts/toast-store";
import { bulkTexts } from "~/features/users/bulk-texts";
import { useInFlight } from "~/hooks/use-single-submit";
import { useTexts } from "~/i18n/locale";
import type { BulkChange } from "~server/payments/undo-bulk";
import type { BulkAnswer, BulkDone } from "./bulk-actions.server";

type Undone = Extract<BulkAnswer, { did: "undo" }>;

/** Names a bulk change among the toasts. */
const toastOf = ({ after, upTo }: BulkChange): string => `bulk-${after}-${upTo}`;

const fieldsOf = ({ after, upTo }: BulkChange) => ({ intent: "undo", after: String(after), upTo: String(upTo) });

/** What a bulk change has done, with the way to take it back; `children` continue with those who are left. */
export function BulkChanged({ done, back, children }: { done: BulkDone; back: ReactNode; children: ReactNode }) {
  const m = useTexts(bulkTexts);
  const words = useTexts(toastTexts).bulk;
  const { change, changed, undoable } = done;
  const key = toastOf(change);
  const isUndone = useIsUndone(key);
  // Not news on a page that is opened again.
  const isNews = useNavigationType() !== "POP" && undoable > 0;
  useEffect(() => {
    if (!isNews) return;
    showToast({
      key: toastOf(change),
      text: (change.isPaid ? words.paid : words.unpaid)(changed),
      undo: {
        action: `/admin/users/bulk?mark=${change.isPaid ? "paid" : "unpaid"}`,
        fields: fieldsOf(change),
        read: readUndoing,
      },
    });
  }, [isNews, change, changed, words]);
  const undoneBy = isUndone ? "toast" : undoable === 0 && done.undone > 0 ? "page" : null;
  const said = (
    <SavedAlert isTold={isNews} undoneBy={undoneBy} undone={m.undoneAll}>
      {m.done(changed)}
    </SavedAlert>
  );
  if (undoneBy !== null)
    return (
      <>
        {said}
        <p>{back}</p>
      </>
    );
  return (
    <>
      {changed > 0 || done.kept === 0 ? said : null}
      {done.kept > 0 ? <Alert tone="wait">{m.kept(done.kept)}</Alert> : null}
      {children}
      {undoable > 0 ? <UndoForm change={change} label={m.undo} /> : null}
    </>
  );
}

/** What undoing a bulk change has done. */
export function BulkUndone({ done: { change, undone, left }, back }: { done: Undone; back: ReactNode }) {
  const m = useTexts(bulkTexts);
  const key = toastOf(change);
  useEffect(() => dismissToast(key), [key]);
  return (
    <>
      {undone === 0 && left === 0 ? (
        <Alert tone="wait">{m.noneUndone}</Alert>
      ) : (
        <Alert tone="good">{m.undone(undone)}</Alert>
      )}
      {left > 0 ? (
        <>
          <p>{m.undoLeft(left)}</p>
          <UndoForm change={change} label={m.goOn} />
        </>
      ) : null}
      <p>{back}</p>
    </>
  );
}

function UndoForm({ change, label }: { change: BulkChange; label: string }) {
  const m = useTexts(bulkTexts);
  const busy = useInFlight();
  return (
    <PostForm>
      {Object.entries(fieldsOf(change)).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" look="secondary">
        {busy ? <Spinner label={m.working} /> : label}
      </Button>
    </PostForm>
  );
}

function readUndoing(answer: unknown): Undoing {
  const { undone, left } = answer as Undone;
  if (left > 0) return left;
  return undone > 0 ? "undone" : "changed";
}

import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { paymentTexts } from "~/features/payments/texts";
import { ActorName } from "~/features/users/actor-name";
import { useTexts } from "~/i18n/locale";
import type { PaymentChangeView } from "~server/payments/payments";

interface Props {
  changes: PaymentChangeView[];
  names: Record<string, string>;
  /** The change that may be undone: the newest one, and only if it is shown. */
  undoable: number | null;
}

/** Who changed the payment, when and from where, the newest first. */
export function PaymentHistory({ changes, names, undoable }: Props) {
  const m = useTexts(paymentTexts);
  if (changes.length === 0) return <p className="text-sm text-ink-soft">{m.noHistory}</p>;
  return (
    <ol className="divide-y divide-line">
      {changes.map(({ id, isPaid, actor, origin, createdAt }) => (
        <li key={id} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-2.5">
          <div className="min-w-0">
            <p className="font-medium">{isPaid ? m.became.paid : m.became.unpaid}</p>
            <p className="text-sm text-ink-soft">
              <DateTime value={createdAt} />
              <span aria-hidden="true"> · </span>
              <ActorName actor={actor} names={names} />
              <span aria-hidden="true"> · </span>
              {m.origins[origin] ?? origin}
            </p>
          </div>
          {id === undoable ? (
            <PostForm preventScrollReset>
              <input type="hidden" name="intent" value="undo" />
              <Button type="submit" look="secondary" size="sm" name="changeId" value={id}>
                {m.undo}
              </Button>
            </PostForm>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

import { useFetcher } from "@remix-run/react";
import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { DateTime } from "~/components/ui/date-time";
import { usePaymentToast } from "~/features/payments/payment-toast";
import { paymentTexts } from "~/features/payments/texts";
import type { PaymentProblem, UserActionResult } from "~/features/users/actions.server";
import { ActorName } from "~/features/users/actor-name";
import { useNewest } from "~/hooks/use-newest";
import { useTexts } from "~/i18n/locale";
import { isLost } from "~/page/lost-answer";
import type { action } from "~/routes/admin.users.$id";
import type { UserView } from "~server/users/users";

interface Props {
  user: Pick<UserView, "id" | "firstName" | "lastName" | "isPaid" | "paidAt">;
  /** The newest change that the page knows, null before the first: an action on an older one is rejected. */
  changeId: number | null;
  /** The last answer to the page's other forms, and to this one without JavaScript. */
  page?: UserActionResult | undefined;
}

/** The fetcher of the payment's switch. The page reads it too: its answer may be newer than those to the other forms. */
export const usePaymentSwitch = (userId: number) => useFetcher<typeof action>({ key: `payment-${userId}` });

/**
 * Whether a person has paid, with a switch. It changes optimistically, and back with a message if it is rejected. The page
 * exports `showChanged`: what it shows was out of date then.
 */
export function PaymentStatus({ user, changeId, page }: Props) {
  const m = useTexts(paymentTexts);
  const fetcher = usePaymentSwitch(user.id);
  usePaymentToast(isLost(fetcher.data) ? undefined : fetcher.data, user);
  const newest = useNewest<UserActionResult>(page, fetcher.data);
  const isAnswerLost = isLost(newest);
  const isBusy = fetcher.state !== "idle";
  const problem = isAnswerLost ? null : newest?.problem;
  const wanted = fetcher.formData?.get("isPaid");
  const isPaid = wanted === undefined || wanted === null ? user.isPaid : wanted === "true";
  return (
    <div className="grid justify-items-start gap-4" data-paid={isPaid}>
      {/* No live region: who changed it here hears it from the message that offers to undo it, or why it was refused. */}
      <div className="grid justify-items-start gap-1">
        <Badge tone={isPaid ? "good" : "plain"}>{isPaid ? m.paid : m.unpaid}</Badge>
        {isPaid && user.paidAt ? (
          <p className="text-sm text-ink-soft">
            {m.paidAt}: <DateTime value={user.paidAt} dateOnly />
          </p>
        ) : null}
      </div>
      {problem && !isBusy ? <Refusal problem={problem} /> : null}
      {isAnswerLost && !isBusy ? <Alert tone="bad">{m.lost}</Alert> : null}
      <fetcher.Form
        method="post"
        action={`/admin/users/${user.id}`}
        onSubmit={(event) => {
          // The page does not yet know the change that a second click would build on.
          if (isBusy) event.preventDefault();
        }}
      >
        <input type="hidden" name="intent" value="payment" />
        <input type="hidden" name="isPaid" value={String(!user.isPaid)} />
        <input type="hidden" name="seenPaid" value={String(user.isPaid)} />
        <input type="hidden" name="seenChange" value={changeId ?? ""} />
        <Button type="submit" look={isPaid ? "secondary" : "primary"} size="sm" aria-disabled={isBusy}>
          {isBusy ? m.saving : user.isPaid ? m.markUnpaid : m.markPaid}
        </Button>
      </fetcher.Form>
    </div>
  );
}

function Refusal({ problem }: { problem: PaymentProblem }) {
  const m = useTexts(paymentTexts);
  return (
    <Alert tone="bad">
      {m.conflict}{" "}
      {problem.changedBy ? (
        <>
          <ActorName actor={problem.changedBy} names={problem.names} />
          {problem.changedAt ? (
            <>
              , <DateTime value={problem.changedAt} />
            </>
          ) : null}
          ;{" "}
        </>
      ) : null}
      {problem.isPaid ? m.conflictNow.paid : m.conflictNow.unpaid}
    </Alert>
  );
}

import { useEffect } from "react";
import { toastTexts } from "~/features/toasts/texts";
import { dismissToast, showToast, type Undoing } from "~/features/toasts/toast-store";
import type { UserActionResult } from "~/features/users/actions.server";
import { useTexts } from "~/i18n/locale";
import { fullName } from "~server/person/full-name";
import type { UserView } from "~server/users/users";

const keyOf = (change: number) => `payment-${change}`;

/** Tells that a payment was changed, by the answer of the person's page, with the undoing that its timeline has too. */
export function usePaymentToast(
  answer: UserActionResult | undefined,
  user: Pick<UserView, "id" | "firstName" | "lastName">,
): void {
  const m = useTexts(toastTexts).payment;
  useEffect(() => {
    if (!answer?.change) return;
    const { id, isPaid } = answer.change;
    if (answer.intent === "undo") return dismissToast(keyOf(id));
    showToast({
      key: keyOf(id),
      text: (isPaid ? m.paid : m.unpaid)(fullName(user)),
      undo: {
        action: `/admin/users/${user.id}`,
        fields: { intent: "undo", changeId: String(id) },
        read: readUndoing,
      },
    });
  }, [answer, user, m]);
}

function readUndoing(answer: unknown): Undoing {
  return (answer as UserActionResult).problem ? "changed" : "undone";
}

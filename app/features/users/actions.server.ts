import { type ActionFunctionArgs, data } from "@remix-run/node";
import { notThere } from "~/features/users/not-there.server";
import { readForm } from "~/page/public-form.server";
import type { Actor } from "~server/audit/actor";
import { nameActors } from "~server/audit/actor-names";
import { endAllSessions } from "~server/auth/sessions";
import {
  changePayment,
  type PaymentConflict,
  PaymentConflictError,
  type PaymentSeen,
  undoPayment,
} from "~server/payments/payments";
import { isAppError } from "~server/platform/errors";
import { parseId } from "~server/platform/ids";
import { resendMany } from "~server/queue/resend";

/** Why a payment was not changed: it had been changed meanwhile. */
export type PaymentProblem = PaymentConflict & { names: Record<string, string> };

export interface UserActionResult {
  intent: "payment" | "undo" | "resend" | "endSessions" | null;
  /** How many that were resent, or sessions that were ended. */
  count: number;
  /** The change of the payment that was made, or was undone, and the payment it had set. */
  change: { id: number; isPaid: boolean } | null;
  problem: PaymentProblem | null;
}

/** What an administrator does on a person's page; `intent` says what. Anything else is a 400. */
export async function actOnUser({ request, context }: ActionFunctionArgs, actor: Actor, userId: number) {
  const { services } = context;
  const form = await readForm(request);
  const intent = form.get("intent");
  const done = (count = 0, change: UserActionResult["change"] = null): UserActionResult => ({
    intent: intent as UserActionResult["intent"],
    count,
    change,
    problem: null,
  });
  try {
    switch (intent) {
      case "payment": {
        const wish = readPayment(form);
        const id = await changePayment(services, { actor, userId, origin: "page", ...wish });
        return done(0, id === null ? null : { id, isPaid: wish.isPaid });
      }
      case "undo": {
        const id = readId(form.get("changeId"));
        const { isPaid } = await undoPayment(services, { actor, changeId: id });
        return done(0, { id, isPaid: !isPaid });
      }
      case "resend":
        return done((await resendMany(services, { actor, userIds: [userId] })).resent);
      case "endSessions":
        return done((await endAllSessions(services, { actor, userId })).ended);
      default:
        throw data(null, { status: 400 });
    }
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw await notThere(services, userId);
    if (!(error instanceof PaymentConflictError)) throw error;
    const conflict = error.details;
    const names = await nameActors(services, conflict.changedBy ? [conflict.changedBy] : []);
    return data({ ...done(), problem: { ...conflict, names } }, { status: error.status });
  }
}

function readPayment(form: FormData): { isPaid: boolean; expected: PaymentSeen } {
  const changeId = form.get("seenChange");
  return {
    isPaid: readFlag(form.get("isPaid")),
    expected: { isPaid: readFlag(form.get("seenPaid")), changeId: changeId === "" ? null : readId(changeId) },
  };
}

function readFlag(value: FormDataEntryValue | null): boolean {
  if (value !== "true" && value !== "false") throw data(null, { status: 400 });
  return value === "true";
}

function readId(value: FormDataEntryValue | null): number {
  const id = parseId(value);
  if (id === null) throw data(null, { status: 400 });
  return id;
}

import type { Prisma } from "../../prisma/generated/client";
import { type PersonData, personFieldNames } from "../person/fields";
import type { UserView } from "../users/users";
import { testEvent } from "./events";

/** What the trigger notes of an event: values that may have changed again by the time the message is sent. */
interface Snapshot {
  isPaid: boolean;
  paidAt: string | null;
  crmState: "SYNCED" | "PENDING" | "FAILED" | "HELD";
  reason: string | null;
  bitrix24ContactId: number | null;
  bitrix24DealId: number | null;
}

interface Event {
  event: string;
  at: Date;
  snapshot: Prisma.JsonValue;
}

/** The message of an event: the person as `GET /api/users/:id` tells an administrator, with the event's own values. */
export function eventBody({ event, at, snapshot }: Event, user: UserView): string {
  const { crmState, paidAt, reason, isPaid, bitrix24ContactId, bitrix24DealId } = snapshot as unknown as Snapshot;
  const person = Object.fromEntries(personFieldNames.map((name) => [name, user[name]])) as unknown as PersonData;
  return JSON.stringify({
    type: event,
    timestamp: at.toISOString(),
    data: {
      user: {
        id: user.id,
        ...person,
        isPaid,
        // PostgreSQL writes the moment in its own form.
        paidAt: paidAt && new Date(paidAt).toISOString(),
        bitrix24ContactId,
        bitrix24DealId,
        crmState: crmState === "HELD" ? "pending" : crmState.toLowerCase(),
        utm: user.utm,
        createdAt: user.createdAt,
        form: user.form,
        answers: user.answers,
      },
      ...(event === "registration.failed" ? { reason } : {}),
    },
  });
}

export const testBody = (at: Date): string =>
  JSON.stringify({ type: testEvent, timestamp: at.toISOString(), data: {} });

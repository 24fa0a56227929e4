import { hasWithdrawn } from "../consents/withdrawn";
import type { Tx } from "../database/db";
import type { OldRows } from "../database/old-rows";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import { getUser } from "../users/users";
import { testEvent } from "./events";
import { eventBody, testBody } from "./message";
import type { Outcome } from "./post-message";

/** The outbox of webhooks: messages wait here until they are delivered, and stay as the log. */

const second = 1;
const minute = 60 * second;
const hour = 60 * minute;

/** Seconds to wait after each failed attempt: close together at first, a day in all. */
export const waits = [
  5 * second,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
  8 * hour,
  8 * hour,
] as const;

/** When a message is taken over whose process died during the attempt: longer than an attempt lasts. */
const claimSeconds = 60;
const keptDays = 30;

export interface ClaimedDelivery {
  id: bigint;
  webhookId: number;
  messageId: string;
  attempts: number;
  url: string;
  sealedSecret: string;
}

/** Webhooks that have messages due. */
export async function dueWebhooks({ db }: Pick<Services, "db">): Promise<number[]> {
  const rows = await db.$queryRaw<{ id: number }[]>`
    select id from "Webhook" w where w."disabledAt" is null and exists (
      select 1 from "WebhookDelivery" d where d."webhookId" = w.id and d."state" = 'pending' and d."nextAttemptAt" <= now())`;
  return rows.map(({ id }) => id);
}

/** Takes the oldest due message of a webhook; no other process takes it meanwhile. Null if none is due. */
export async function claimDelivery({ db }: Pick<Services, "db">, webhookId: number): Promise<ClaimedDelivery | null> {
  const [row] = await db.$queryRaw<ClaimedDelivery[]>`
    update "WebhookDelivery" d set "attempts" = d."attempts" + 1, "attemptedAt" = now(),
      "nextAttemptAt" = now() + ${claimSeconds} * interval '1 second'
    from "Webhook" w
    where w.id = d."webhookId" and w."disabledAt" is null and d.id = (
      select id from "WebhookDelivery"
      where "webhookId" = ${webhookId} and "state" = 'pending' and "nextAttemptAt" <= now()
      order by id limit 1 for update skip locked)
    returning d.id, d."webhookId", d."messageId", d."attempts", w.url, w."sealedSecret"`;
  return row ?? null;
}

/** Why there is nothing to send: the person was erased, or has withdrawn the consent to the processing. */
type Unsaid = "erased" | "withdrawn";

/**
 * What the message says, made at its first attempt and the same at all later ones. The row's lock makes an erasing wait,
 * which then clears what is written here.
 */
export function bodyOf({ db }: Pick<Services, "db">, id: bigint): Promise<{ body: string } | { unsaid: Unsaid }> {
  return db.$transaction(async (tx) => {
    await tx.$queryRaw`select id from "WebhookDelivery" where id = ${id} for update`;
    const row = await tx.webhookDelivery.findUnique({ where: { id } });
    if (row?.state !== "pending") return { unsaid: "erased" };
    const { userId } = row;
    if (userId !== null && (await tx.user.count({ where: { id: userId, ...hasWithdrawn } })) > 0)
      return { unsaid: "withdrawn" };
    if (row.body !== null) return { body: row.body };
    const user = userId === null ? null : await getUser({ db: tx }, userId);
    const body = row.event === testEvent ? testBody(row.at) : user && eventBody(row, user);
    if (body === null) return { unsaid: "erased" };
    await tx.webhookDelivery.update({ where: { id }, data: { body }, select: { id: true } });
    return { body };
  });
}

/** Writes down how an attempt ended. A message that was delivered or given up by now stays so. */
export async function recordAttempt(
  { db }: Pick<Services, "db">,
  { id, attempts }: ClaimedDelivery,
  { outcome, durationMs }: { outcome: Outcome; durationMs: number },
): Promise<void> {
  const { status = null, error = null } = outcome;
  const isDelivered = status !== null && status >= 200 && status < 300;
  const wait = waits[attempts - 1];
  const state = isDelivered ? "delivered" : wait === undefined || isFinal({ status, error }) ? "failed" : "pending";
  // By the database's clock, which also decides what is due: by a clock that is behind, all attempts would follow at once.
  await db.$executeRaw`
    update "WebhookDelivery" set "state" = ${state}, "status" = ${status}, "error" = ${error}, "durationMs" = ${durationMs},
      "nextAttemptAt" = case when ${state} = 'pending' then now() + ${jittered(wait ?? 0)} * interval '1 second' else "nextAttemptAt" end
    where id = ${id} and "state" = 'pending'`;
}

/** "Gone": by the specification the receiver asks for nothing more. */
export const isGone = ({ status }: Pick<Outcome, "status">): boolean => status === 410;

const isFinal = ({ status, error }: { status: number | null; error: string | null }) =>
  status === 410 || error === "erased" || error === "withdrawn";

/** A tenth more or less, so that messages which failed together do not come back together. */
const jittered = (seconds: number): number => seconds * (0.9 + Math.random() / 5);

/** In the transaction of an erasing: what was sent of the person is forgotten, and what waits is not sent. */
export async function clearDeliveriesOf(tx: Tx, userId: number): Promise<void> {
  await tx.$executeRaw`
    update "WebhookDelivery" set "body" = null, "snapshot" = '{}',
      "error" = case "state" when 'pending' then 'erased' else "error" end,
      "state" = case "state" when 'pending' then 'failed' else "state" end
    where "userId" = ${userId}`;
}

/** Whatever their state: messages of a webhook that is off wait without end, and hold personal data. */
export const oldDeliveries = (): OldRows => ({
  table: "WebhookDelivery",
  column: "at",
  before: new Date(Date.now() - keptDays * dayMs),
});

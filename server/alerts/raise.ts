import type { Tx } from "../database/db";
import type { Env } from "../platform/env";
import { type Alert, causeOf, isCollected } from "./kinds";

/** What goes on for long is told again after this time, with its number, if it has happened since. */
const againHours = 24;

/**
 * Notes that administrators are to be told. Called in the transaction of the change itself, so that neither is lost
 * without the other; nothing is sent here, since a channel that hangs must not hold up the queue.
 */
export async function raiseAlert(
  { db, env }: { db: Tx; env: Pick<Env, "ALERT_DIGEST_MINUTES"> },
  alert: Alert,
): Promise<void> {
  const collected = isCollected(alert.kind);
  const wait = collected ? env.ALERT_DIGEST_MINUTES : 0;
  await db.$executeRaw`
    insert into "Alert" as a ("cause", "kind", "facts", "dueAt")
    values (${causeOf(alert)}, ${alert.kind}, ${JSON.stringify(alert.facts)}::jsonb, now() + ${wait} * interval '1 minute')
    on conflict ("cause") do update set
      "facts" = excluded."facts",
      "count" = case when a."overAt" is null then a."count" + 1 else 1 end,
      "openedAt" = case when a."overAt" is null then a."openedAt" else excluded."openedAt" end,
      "lastAt" = excluded."lastAt",
      "dueAt" = case when ${collected} and a."toldAt" is not null
                     then a."toldAt" + ${againHours} * interval '1 hour'
                     else least(a."dueAt", excluded."dueAt") end,
      "overAt" = null`;
}

/** Another cause has taken this one's place: nothing is over, and nothing is told. */
export async function withdrawAlert(db: Tx, alert: Alert): Promise<void> {
  await db.alert.deleteMany({ where: { cause: causeOf(alert) } });
}

/**
 * Notes that a cause is over, which is told if the cause itself was. Its end in the same moment as its beginning tells
 * neither.
 */
export async function endAlert(db: Tx, cause: string, facts: Record<string, unknown> = {}): Promise<void> {
  await db.$executeRaw`delete from "Alert" where "cause" = ${cause} and "toldAt" is null`;
  await db.$executeRaw`
    update "Alert" set "overAt" = now(), "dueAt" = now(), "facts" = "facts" || ${JSON.stringify(facts)}::jsonb
    where "cause" = ${cause} and "overAt" is null`;
}

import type { Prisma } from "../../prisma/generated/client";
import type { OldRows } from "../database/old-rows";
import { mailClaimMs } from "../platform/mail";
import type { Services } from "../services";
import type { AlertItem } from "./alert-texts";
import { type Channel, openChannels, type Sent } from "./channels";

/** The outbox of alerts: one message for each channel, in the order in which they were made. */

const minute = 60;
const hour = 60 * minute;
/** Seconds to wait after each failed attempt: close together at first, a day in all. */
export const waits = [10, minute, 5 * minute, 15 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour] as const;
/** When a message is taken over whose process died during the attempt: longer than an attempt lasts. */
const claimSeconds = mailClaimMs / 1_000;
const keptDays = 30;
/** How long the messages of a channel that this process does not know wait for a process that knows it. */
const unknownHours = 24;

type Deps = Pick<Services, "db" | "env" | "mail">;

interface DueRow {
  cause: string;
  kind: string;
  facts: Prisma.JsonValue;
  count: number;
  openedAt: Date;
  isOver: boolean;
  isDue: boolean;
  isNew: boolean;
}

/**
 * Makes one message of everything that is due; what is still being collected goes with it. A process that dies before
 * the commit has told nothing, and after it the message waits in the outbox. A process without a channel leaves what is
 * due to those that have one, or to the time when the first one is set up.
 */
export async function composeMessages(deps: Deps): Promise<void> {
  const { db } = deps;
  const open = openChannels(deps);
  if (open.length === 0) return;
  // Without a transaction first: mostly nothing is due.
  const due = await db.alert.findFirst({ where: { dueAt: { not: null } }, select: { cause: true } });
  if (!due) return;
  await db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<DueRow[]>`
      select "cause", "kind", "facts", "count", "openedAt", "overAt" is not null as "isOver", "dueAt" <= now() as "isDue",
        "toldAt" is null as "isNew"
      from "Alert" where "dueAt" is not null order by "openedAt", "cause" for update skip locked`;
    if (!rows.some(({ isDue }) => isDue)) return;
    const told = rows.filter(({ isDue, isNew }) => isDue || isNew);
    const items = told.map(({ isDue: _, isNew: __, openedAt, ...row }) => ({ ...row, since: openedAt.toISOString() }));
    await tx.alertMessage.createMany({
      data: open.map((channel) => ({ channel, items: items as Prisma.InputJsonArray })),
    });
    const causes = told.map(({ cause }) => cause);
    await tx.$executeRaw`delete from "Alert" where "cause" = any(${causes}) and "overAt" is not null`;
    await tx.$executeRaw`update "Alert" set "toldAt" = now(), "dueAt" = null where "cause" = any(${causes})`;
  });
}

export interface ClaimedMessage {
  id: bigint;
  attempts: number;
  items: AlertItem[];
}

/**
 * Channels that have messages to send and are set up in this process. Messages of further channels wait for a process
 * that knows them, since settings of one deployment reach its processes one by one; and not for ever, since a channel
 * that is set up again weeks later should tell nothing of then.
 */
export async function waitingChannels(deps: Pick<Services, "db" | "env">): Promise<Channel[]> {
  const rows = await deps.db.alertMessage.findMany({
    where: { state: "pending" },
    distinct: ["channel"],
    select: { channel: true },
  });
  const open = openChannels(deps);
  for (const { channel } of rows) if (!open.some((each) => each === channel)) await endUnknown(deps, channel);
  return open.filter((channel) => rows.some((row) => row.channel === channel));
}

/** Where a process knows the channel, its oldest message was attempted meanwhile, and nothing is changed here. */
async function endUnknown({ db }: Pick<Services, "db">, channel: string): Promise<void> {
  await db.$executeRaw`
    update "AlertMessage" set "state" = 'failed', "error" = 'OFF'
    where "channel" = ${channel} and "state" = 'pending' and (
      select max(greatest("at", "attemptedAt")) from "AlertMessage" where "channel" = ${channel} and "state" = 'pending'
    ) < now() - ${unknownHours} * interval '1 hour'`;
}

/**
 * Takes the oldest message of a channel; no other process takes it meanwhile. Null if it is not due: later ones wait
 * for it, so that an end is not told before its beginning.
 */
export async function claimMessage({ db }: Pick<Services, "db">, channel: Channel): Promise<ClaimedMessage | null> {
  const [row] = await db.$queryRaw<ClaimedMessage[]>`
    update "AlertMessage" m set "attempts" = m."attempts" + 1, "attemptedAt" = now(),
      "nextAttemptAt" = now() + ${claimSeconds} * interval '1 second'
    where m.id = (select min(id) from "AlertMessage" where "channel" = ${channel} and "state" = 'pending')
      and m."state" = 'pending' and m."nextAttemptAt" <= now()
    returning m.id, m."attempts", m."items"`;
  return row ?? null;
}

/** Writes down how an attempt ended. It was none if the channel is not set up here: another process may know it. */
export async function recordSent({ db }: Pick<Services, "db">, message: ClaimedMessage, sent: Sent): Promise<void> {
  const { id, attempts } = message;
  // Times are of the database's clock, which also decides what is due: by a clock that is behind, all attempts would follow
  // at once.
  if (!sent.ok && sent.code === "OFF") {
    await db.$executeRaw`
      update "AlertMessage" set "attempts" = "attempts" - 1, "nextAttemptAt" = now()
      where id = ${id} and "state" = 'pending' and "attempts" = ${attempts}`;
    return;
  }
  const wait = waits[attempts - 1];
  const isEnd = sent.ok || wait === undefined;
  const seconds = Math.max(wait ?? 0, sent.ok ? 0 : (sent.retryAfterSeconds ?? 0));
  const state = sent.ok ? "sent" : isEnd ? "failed" : "pending";
  const error = sent.ok ? null : sent.code;
  await db.$executeRaw`
    update "AlertMessage" set "state" = ${state}, "error" = ${error},
      "nextAttemptAt" = case when ${state} = 'pending' then now() + ${seconds} * interval '1 second' else "nextAttemptAt" end
    where id = ${id} and "state" = 'pending'`;
}

export const oldAlertMessages = (): OldRows => ({
  table: "AlertMessage",
  column: "at",
  before: new Date(Date.now() - keptDays * 24 * hour * 1_000),
});

export interface ChannelView {
  channel: Channel;
  /** Of its last message; null: there was none. */
  last: { state: string; error: string | null; at: string } | null;
}

/** The channels that are set up, with how their last message fared. */
export async function viewChannels(deps: Deps): Promise<ChannelView[]> {
  const select = { state: true, error: true, at: true } as const;
  return Promise.all(
    openChannels(deps).map(async (channel) => {
      const last = await deps.db.alertMessage.findFirst({ where: { channel }, orderBy: { id: "desc" }, select });
      return { channel, last: last && { ...last, at: last.at.toISOString() } };
    }),
  );
}

import type { Prisma } from "../../prisma/generated/client";
import type { Services } from "../services";
import type { AlertItem } from "./alert-texts";
import { type Channel, openChannels, type Sent } from "./channels";

/** The outbox of alerts: one message for each channel, in the order in which they were made. */

const minute = 60;
const hour = 60 * minute;
/** Seconds to wait after each failed attempt: close together at first, a day in all. */
export const waits = [10, minute, 5 * minute, 15 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 8 * hour] as const;
/** When a message is taken over whose process died during the attempt: longer than an attempt lasts. */
const leaseSeconds = 90;
const keptDays = 30;

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
 * the commit has told nothing, and after it the message waits in the outbox.
 */
export async function composeMessages(deps: Deps): Promise<void> {
  const { db } = deps;
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
      data: openChannels(deps).map((channel) => ({ channel, items: items as Prisma.InputJsonArray })),
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

/** Channels that have messages to send. */
export async function waitingChannels({ db }: Pick<Services, "db">): Promise<Channel[]> {
  const rows = await db.alertMessage.findMany({
    where: { state: "pending" },
    distinct: ["channel"],
    select: { channel: true },
  });
  return rows.map(({ channel }) => channel as Channel);
}

/**
 * Takes the oldest message of a channel; no other process takes it meanwhile. Null if it is not due: later ones wait
 * for it, so that an end is not told before its beginning.
 */
export async function claimMessage({ db }: Pick<Services, "db">, channel: Channel): Promise<ClaimedMessage | null> {
  const [row] = await db.$queryRaw<ClaimedMessage[]>`
    update "AlertMessage" m set "attempts" = m."attempts" + 1, "attemptedAt" = now(),
      "nextAttemptAt" = now() + ${leaseSeconds} * interval '1 second'
    where m.id = (select min(id) from "AlertMessage" where "channel" = ${channel} and "state" = 'pending')
      and m."state" = 'pending' and m."nextAttemptAt" <= now()
    returning m.id, m."attempts", m."items"`;
  return row ?? null;
}

/** Writes down how an attempt ended. */
export async function recordSent({ db }: Pick<Services, "db">, message: ClaimedMessage, sent: Sent): Promise<void> {
  const wait = waits[message.attempts - 1];
  const isEnd = sent.ok || wait === undefined || sent.code === "OFF";
  const seconds = Math.max(wait ?? 0, sent.ok ? 0 : (sent.retryAfterSeconds ?? 0));
  await db.alertMessage.updateMany({
    where: { id: message.id, state: "pending" },
    data: {
      state: sent.ok ? "sent" : isEnd ? "failed" : "pending",
      error: sent.ok ? null : sent.code,
      ...(isEnd ? {} : { nextAttemptAt: new Date(Date.now() + seconds * 1_000) }),
    },
  });
}

export async function purgeAlertMessages({ db }: Pick<Services, "db">): Promise<void> {
  const at = { lt: new Date(Date.now() - keptDays * 24 * hour * 1_000) };
  await db.alertMessage.deleteMany({ where: { at } });
}

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

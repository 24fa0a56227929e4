import { type MessageOutcome, noSuchReceiver } from "../bitrix24/notify";
import type { Services } from "../services";
import { waits } from "./alert-messages";

/**
 * The outbox of messages to responsible persons: the rows of PersonNotice of this kind. They leave by fifties, so a
 * message waits a little for others, and longer while registrations do.
 */

const kind = "responsible";
const atOnce = 50;
const claimSeconds = 90;
const sharingSeconds = 5;
const busySeconds = 60;
/** A portal that takes no messages, and an employee who gets none, are asked again after this time. */
const rememberedSeconds = 3_600;
/** A message over which the portal breaks down is tried so often. */
const attemptsOfOne = 3;
/** An older message is no news. */
const keptHours = 24;

type Deps = Pick<Services, "db">;

export interface ClaimedMessage {
  id: bigint;
  userId: number;
  attempts: number;
}

/**
 * Takes messages that are due, if it is time to send some. `idle`: no registration waits. While an attempt of one message
 * is put off, all wait: its reason concerns them too.
 */
export async function claimMessages(deps: Deps, { idle }: { idle: boolean }): Promise<ClaimedMessage[]> {
  const { db } = deps;
  const [found] = await db.$queryRaw<{ held: boolean; due: number; waited: number; attempts: number }[]>`
    select
      exists (select 1 from "PersonNotice" where "kind" = ${kind} and "state" = 'pending' and "error" is not null
              and "nextAttemptAt" > now()) as held,
      count(*)::int as due,
      coalesce(extract(epoch from now() - min("nextAttemptAt")), 0)::float as waited,
      coalesce(max("attempts"), 0)::int as attempts
    from (select "nextAttemptAt", "attempts" from "PersonNotice"
          where "kind" = ${kind} and "state" = 'pending' and "nextAttemptAt" <= now()
          order by "nextAttemptAt", id limit ${atOnce}) as first`;
  if (!found || found.held || found.due === 0) return [];
  if (found.due < atOnce && found.waited < (idle ? sharingSeconds : busySeconds)) return [];
  await endOld(deps);
  // Fewer at a time after attempts that failed: the portal may be too slow for fifty.
  const most = atOnce >> Math.min(found.attempts, 3);
  return db.$queryRaw<ClaimedMessage[]>`
    update "PersonNotice" n set "attempts" = n."attempts" + 1, "attemptedAt" = now(),
      "nextAttemptAt" = now() + ${claimSeconds} * interval '1 second'
    where n.id in (select id from "PersonNotice"
                   where "kind" = ${kind} and "state" = 'pending' and "nextAttemptAt" <= now()
                   order by "nextAttemptAt", id limit ${most} for update skip locked)
    returning n.id, n."userId", n."attempts"`;
}

async function endOld({ db }: Deps): Promise<void> {
  await db.$executeRaw`
    update "PersonNotice" set "state" = 'failed', "error" = coalesce("error", 'OLD'), "nextAttemptAt" = now()
    where "kind" = ${kind} and "state" = 'pending' and "at" < now() - ${keptHours} * interval '1 hour'`;
}

/**
 * Which of these messages may be sent now: those whose person was not erased since they were claimed. An erasure that
 * begins afterwards finds the time of this attempt, and takes back what arrives by it.
 */
export async function beginAttempt({ db }: Deps, ids: bigint[]): Promise<Set<bigint>> {
  const rows = await db.$queryRaw<{ id: bigint }[]>`
    update "PersonNotice" set "attemptedAt" = clock_timestamp()
    where id = any(${ids}::bigint[]) and "state" = 'pending'
    returning id`;
  return new Set(rows.map(({ id }) => id));
}

export const noReceiver = "NO_RECEIVER";
const passedOver = "PASSED_OVER";

/**
 * What became of a message; `noPerson`: the person was erased or has withdrawn; `notInCrm`: the registration is being
 * sent again; `noReceiver`: the deal has no responsible person; `passedOver`: that employee gets no messages.
 */
export type Fate = MessageOutcome | { kind: "noPerson" | "notInCrm" | "passedOver" | "noReceiver" };

/** Of these employees those who were tried within the hour and get no messages. */
export async function silentReceivers({ db }: Deps, receivers: number[]): Promise<Set<number>> {
  const rows = await db.personNotice.findMany({
    where: {
      kind,
      receiver: { in: receivers },
      error: noSuchReceiver,
      attemptedAt: { gt: new Date(Date.now() - rememberedSeconds * 1_000) },
    },
    distinct: ["receiver"],
    select: { receiver: true },
  });
  return new Set(rows.flatMap(({ receiver }) => receiver ?? []));
}

/** Writes down how the attempts ended, all in one statement. */
export async function recordMessages(
  { pool }: Pick<Services, "pool">,
  fates: { message: ClaimedMessage; receiver: number | null; fate: Fate }[],
): Promise<void> {
  const rows = fates.map(({ message, receiver, fate }) => ({ id: message.id, receiver, ...rowOf(message, fate) }));
  await pool.query(
    `update "PersonNotice" n set "state" = r.state, "error" = r.error, "receiver" = r.receiver,
       "attempts" = n."attempts" - case when r.counts then 0 else 1 end,
       "nextAttemptAt" = now() + r.wait * interval '1 second'
     from unnest($1::bigint[], $2::text[], $3::text[], $4::int[], $5::boolean[], $6::int[])
       as r(id, state, error, receiver, counts, wait)
     where n.id = r.id and n."state" = 'pending'`,
    [
      rows.map(({ id }) => String(id)),
      rows.map(({ state }) => state),
      rows.map(({ error }) => error),
      rows.map(({ receiver }) => receiver),
      rows.map(({ counts }) => counts),
      rows.map(({ wait }) => wait),
    ],
  );
}

interface Row {
  state: "sent" | "failed" | "pending";
  error: string | null;
  /** False: the portal was not asked. */
  counts: boolean;
  wait: number;
}

function rowOf({ attempts }: ClaimedMessage, fate: Fate): Row {
  const ended = { counts: true, wait: 0 };
  switch (fate.kind) {
    case "sent":
      return { ...ended, state: "sent", error: null };
    case "untaken":
      return { ...ended, state: "failed", error: fate.code };
    case "noPerson":
      return { ...ended, state: "failed", error: "OFF" };
    case "noReceiver":
      return { ...ended, state: "failed", error: noReceiver };
    case "passedOver":
      return { ...ended, state: "failed", error: passedOver };
    case "notInCrm":
      return { state: "pending", error: null, counts: false, wait: busySeconds };
    case "closed":
      return { state: "pending", error: fate.code, counts: false, wait: rememberedSeconds };
    case "again":
      // Without a code, so that it holds up no other message.
      return attempts < attemptsOfOne
        ? { state: "pending", error: null, counts: true, wait: waits[attempts - 1] as number }
        : { ...ended, state: "failed", error: fate.code };
    case "later": {
      const told = fate.retryAt ? Math.ceil((fate.retryAt.getTime() - Date.now()) / 1_000) : 0;
      const wait = waits[Math.min(attempts, waits.length) - 1] as number;
      return { state: "pending", error: fate.code, counts: true, wait: Math.max(wait, told) };
    }
  }
}

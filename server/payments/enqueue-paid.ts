import { linkedByConfirmedEmail } from "../confirmation/phone-offer";
import { dayMs } from "../platform/time-zone";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue" | "env">;

/** Jobs are given this time before they are looked for again: longer than any pause between two sweeps. */
const overlapMs = 10 * 60_000;
/** How far a worker that has just started looks back, as after a long stop or a restored backup: nights compare what is older. */
const firstLookMs = 30 * dayMs;
const sweepSize = 1_000;

/**
 * What changes before a registration is complete has nothing to compare with, and its job ends. So at completion a comparison is
 * enqueued for users who have paid, whose deal was compared before, or whose e-mail, by which their contact was found, is
 * confirmed by now (see `enqueuePhoneOffer`). `hadDeal`: whose deal was there before this attempt, so that a manager may have
 * moved it meanwhile. All others are the next sweep's where the portal sends events: now their comparisons would slow a backlog.
 */
export async function remindOfPaid(
  { db, queue }: Pick<Deps, "db" | "queue">,
  userIds: number[],
  hadDeal: ReadonlySet<number>,
): Promise<void> {
  if (userIds.length === 0) return;
  const changed = await db.user.findMany({
    where: {
      id: { in: userIds },
      OR: [
        { id: { in: userIds.filter((id) => hadDeal.has(id)) } },
        { isPaid: true },
        { dealSnapshot: { isNot: null } },
        linkedByConfirmedEmail,
      ],
    },
    select: { id: true },
  });
  await queue.ensure(
    "crm-payment",
    changed.map((user) => user.id),
    priorities.registration,
  );
}

/** An event that comes before the new deal's id is stored belongs to no user yet, so that each new deal is compared once. */
const hearsEvents = ({ BITRIX24_EVENT_TOKEN }: Deps["env"]): boolean => Boolean(BITRIX24_EVENT_TOKEN);

/**
 * The same for users whose worker died after the deal was completed and before the comparison was enqueued, and for those whose
 * payment was changed here since their deal was looked at, or whose deal's move has no known outcome or was refused for the
 * moment, where the job was lost, as by a restored backup. `since`: what the sweep before has returned, by the database's clock.
 */
export async function sweepPaid({ db, queue, env }: Deps, since: Date | null): Promise<Date> {
  const [clock] = await db.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`;
  const now = (clock as { now: Date }).now.getTime();
  const from = since ?? new Date(now - firstLookMs);
  const unseen = await db.$queryRaw<{ id: number; at: Date; urgent: boolean }[]>`
    select id, min(at) as at, bool_or(urgent) as urgent from (
      select u.id, u."crmSyncedAt" as at, m."userId" is not null or u."isPaid" as urgent from "User" u left join "DealSnapshot" m on m."userId" = u.id
      where u."crmSyncedAt" >= ${from} and u."bitrix24DealId" is not null
        and case when m."userId" is null then u."isPaid" or ${hearsEvents(env)} else m."checkedAt" < u."crmSyncedAt" end
      union all
      select u.id, p."createdAt", true from "PaymentChange" p
      join "User" u on u.id = p."userId" left join "DealSnapshot" m on m."userId" = u.id
      where p."createdAt" >= ${from} and p."actorKind" <> 'BITRIX24' and u."bitrix24DealId" is not null
        and (u."crmState" = 'SYNCED' or (u."crmState" = 'HELD' and u."crmSyncedAt" is not null))
        and (m."userId" is null or m."checkedAt" < p."createdAt" or m."pushedPaid" is not null
          or (${since === null} and m."agreedPaid" <> u."isPaid"))
    ) due group by id order by 2, 1 limit ${sweepSize}`;
  const idsOf = (urgent: boolean) => unseen.flatMap((user) => (user.urgent === urgent ? user.id : []));
  await queue.ensure("crm-payment", idsOf(true), priorities.registration);
  await queue.ensure("crm-payment", idsOf(false), priorities.behind);
  // The next sweep goes on where this one had to end.
  const last = unseen.length < sweepSize ? undefined : unseen.at(-1)?.at;
  return new Date(Math.min(last?.getTime() ?? now, now - overlapMs));
}

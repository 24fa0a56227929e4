import { linkedByConfirmedEmail } from "../confirmation/phone-offer";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue">;

/** The period that the sweep checks: longer than any pause between two sweeps. */
const recentMs = 10 * 60_000;

/**
 * What changes before a registration is complete has nothing to compare with, and its job ends. So at completion a comparison is
 * enqueued for users who have paid, whose deal was compared before, or whose e-mail, by which their contact was found, is
 * confirmed by now (see `enqueuePhoneOffer`). `hadDeal`: whose deal was there before this attempt, so that a manager may have
 * moved it meanwhile.
 */
export async function remindOfPaid(
  { db, queue }: Deps,
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

/** The same for users whose worker died after the deal was completed and before the comparison was enqueued. */
export async function sweepPaid({ db, queue }: Deps): Promise<void> {
  const unseen = await db.$queryRaw<{ id: number }[]>`
    select u.id from "User" u left join "DealSnapshot" m on m."userId" = u.id
    where u."crmSyncedAt" > ${new Date(Date.now() - recentMs)}
      and case when m."userId" is null then u."isPaid" else m."checkedAt" < u."crmSyncedAt" end
    limit 1000`;
  await queue.ensure(
    "crm-payment",
    unseen.map((user) => user.id),
    priorities.registration,
  );
}

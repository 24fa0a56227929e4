import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue">;

/** The period that the sweep checks: longer than any pause between two sweeps. */
const recentMs = 10 * 60_000;

/**
 * A payment change that comes before the deal exists has nothing to update, and its job ends. So when a registration is
 * completed, a comparison is enqueued for users who have paid and for users whose deal was compared before. `all`: for
 * every one of them, since a deal that was adopted may be paid already.
 */
export async function remindOfPaid({ db, queue }: Deps, userIds: number[], { all = false } = {}): Promise<void> {
  if (userIds.length === 0) return;
  const changed = await db.user.findMany({
    where: { id: { in: userIds }, ...(all ? {} : { OR: [{ isPaid: true }, { dealSnapshot: { isNot: null } }] }) },
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

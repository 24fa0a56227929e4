import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue">;

/** Looked back upon by the sweep: longer than any pause between two of them. */
const recentMs = 10 * 60_000;

/**
 * Whose payment or deal may have changed on the way is compared on arrival, since the reminder found nobody who had
 * arrived, and ended: who has paid, and whoever arrives once more.
 */
export async function remindOfPaid({ db, queue }: Deps, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const changed = await db.user.findMany({
    where: { id: { in: userIds }, OR: [{ isPaid: true }, { dealSnapshot: { isNot: null } }] },
    select: { id: true },
  });
  await queue.ensure(
    "crm-payment",
    changed.map((user) => user.id),
    priorities.registration,
  );
}

/** The same for those whose worker died between the deal and the reminder. */
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

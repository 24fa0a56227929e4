import { priorities } from "./queue";
import type { Services } from "./services";

type Deps = Pick<Services, "db" | "queue">;

/** Looked back upon by the sweep: longer than any pause between two of them. */
const recentMs = 10 * 60_000;

/**
 * Who has paid before the deal existed is compared once it does: the reminder of that payment found no deal and ended.
 */
export async function remindOfPaid({ db, queue }: Deps, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const paid = await db.user.findMany({ where: { id: { in: userIds }, isPaid: true }, select: { id: true } });
  await queue.ensure(
    "crm-payment",
    paid.map((user) => user.id),
    priorities.registration,
  );
}

/** The same for those whose worker died between the deal and the reminder. */
export async function sweepPaid({ db, queue }: Deps): Promise<void> {
  const unseen = await db.user.findMany({
    where: { crmSyncedAt: { gt: new Date(Date.now() - recentMs) }, isPaid: true, dealMirror: null },
    select: { id: true },
    take: 1_000,
  });
  await queue.ensure(
    "crm-payment",
    unseen.map((user) => user.id),
    priorities.registration,
  );
}

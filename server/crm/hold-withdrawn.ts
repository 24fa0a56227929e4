import { addHold } from "../confirmation/holds";
import { hasWithdrawn } from "../consents/withdrawn";
import { lockPerson } from "../database/lock-person";
import type { Services } from "../services";

/**
 * Holds those of these registrations whose people have withdrawn the consent. A withdrawal itself holds only what has not
 * arrived, and a registration that had arrived is sent again where its deal was deleted or the portal was replaced.
 */
export async function holdWithdrawn({ db }: Pick<Services, "db">, userIds: number[]): Promise<void> {
  const withdrawn = await db.user.findMany({
    where: { id: { in: userIds }, crmState: "PENDING", erasedAt: null, ...hasWithdrawn },
    select: { id: true },
  });
  for (const { id } of withdrawn)
    await db.$transaction(async (tx) => {
      await lockPerson(tx, id);
      // Asked again under the lock: a consent that is given meanwhile would find no hold to take away.
      if ((await tx.user.count({ where: { id, ...hasWithdrawn } })) > 0)
        await addHold(tx, { userId: id, hold: "consent" });
    });
}

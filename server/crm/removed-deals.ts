import { dealRemovedCode } from "../bitrix24/ownership-errors";
import type { Failure } from "../bitrix24/progress";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { makingMethods } from "./making-methods";

/** A portal whose automation removes new deals would else be given one at every attempt. */
const mostDeals = 2;

/**
 * Of these people, whose deals were removed, those for whom two deals were created on this portal. An administrator who has
 * the deal made again allows as many once more.
 */
export async function findRemoved({ db }: Pick<Services, "db">, userIds: number[]): Promise<Set<number>> {
  const rows = await db.$queryRaw<{ userId: number }[]>`
    select l."userId" from "CrmLog" l
    where l."userId" = any(${userIds}::int[]) and l.outcome = 'OK' and l."dealId" is not null
      and l.method = any(${makingMethods})
      and l.at >= coalesce((select "portalSince" from "Installation" where id = 1), '-infinity')
      and l.at > coalesce(
        (select max(c."resolvedAt") from "Conflict" c
         where c."userId" = l."userId" and c.kind = 'DEAL_DELETED' and c.resolution = 'recreate'), '-infinity')
    group by l."userId" having count(distinct l."dealId") >= ${mostDeals}`;
  return new Set(rows.map(({ userId }) => userId));
}

/**
 * Ends the attempts of people whose deals are removed again and again: the comparison that follows lists the deal as
 * deleted, and an administrator decides. Returns the other failures.
 */
export async function endRemoved(
  { db, queue, log }: Pick<Services, "db" | "queue" | "log">,
  failures: Failure[],
): Promise<Failure[]> {
  const isRemoved = ({ error }: Failure) => error.code === dealRemovedCode;
  for (const { person } of failures.filter(isRemoved)) {
    const { userId, dealId } = person;
    await db.$transaction(async (tx) => {
      const data = { crmSyncedAt: new Date(), crmError: null, crmErrorField: null, crmNextAttemptAt: null };
      const { count } = await tx.user.updateMany({
        where: { id: userId, crmState: "PENDING", bitrix24DealId: { not: null } },
        data: { crmState: "SYNCED", ...data },
      });
      if (count > 0) await queue.enqueue(tx, "crm-payment", userId, { priority: priorities.registration });
    });
    log.error({ userId, dealId }, "the portal removes the deals of a registration: an administrator has to decide");
  }
  return failures.filter((failure) => !isRemoved(failure));
}

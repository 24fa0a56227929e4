import { raiseAlert } from "../alerts/raise";
import { dealRemoved, dealRemovedCode } from "../bitrix24/ownership-errors";
import { addMethod, type Failure } from "../bitrix24/progress";
import { firstFormId } from "../forms/forms";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { signatureOf } from "./common-cause";
import { makingMethods } from "./making-methods";
import type { SettingsGroup } from "./settings-groups";

/** A portal whose automation removes new deals would else be given one at every attempt. */
const mostDeals = 2;
/** While the portal removes everybody's deals, a further one is made this often to find out whether it still does. */
const trialEveryMs = 3_600_000;

const resumed = "crm.resume";

/**
 * Of these people, whose deals were removed, those for whom two deals were created on this portal. As many are allowed
 * once more after an administrator has the deal made again or lets the queue go on, and after another person's deal has
 * stayed.
 */
export async function findRemoved({ db }: Pick<Services, "db">, userIds: number[]): Promise<Set<number>> {
  const { step, code } = signatureOf(dealRemoved());
  const rows = await db.$queryRaw<{ userId: number }[]>`
    select l."userId" from "CrmLog" l
    where l."userId" = any(${userIds}::int[]) and l.outcome = 'OK' and l."dealId" is not null
      and l.method = any(${makingMethods})
      and l.at >= coalesce((select "portalSince" from "Installation" where id = 1), '-infinity')
      and l.at > coalesce(greatest(
        (select max(c."resolvedAt") from "Conflict" c
         where c."userId" = l."userId" and c.kind = 'DEAL_DELETED' and c.resolution = 'recreate'),
        (select r."disprovedAt" from "CrmRefusal" r
         where r."userId" = l."userId" and r.step = ${step} and r.code = ${code}),
        (select max(a.at) from "AuditEntry" a where a.action = ${resumed})), '-infinity')
    group by l."userId" having count(distinct l."dealId") >= ${mostDeals}`;
  if (rows.length === 0 || (await isTrialDue({ db }))) return new Set();
  return new Set(rows.map(({ userId }) => userId));
}

/** Whether everybody's deals are removed as far as is known, and none was made lately. */
async function isTrialDue({ db }: Pick<Services, "db">): Promise<boolean> {
  const since = new Date(Date.now() - trialEveryMs);
  const rows = await db.$queryRaw<unknown[]>`
    select 1
    where (exists (select 1 from "CrmPortal" where "pausedBy" = 'breaker' and "pauseCode" = ${dealRemovedCode})
           or exists (select 1 from "FormHold" where code = ${dealRemovedCode}))
      and not exists (
        select 1 from "CrmLog" where at > ${since} and method = ${addMethod} and outcome = 'OK' and "dealId" is not null)`;
  return rows.length > 0;
}

/**
 * Another person's deal has got its product row: deals stay again. Adds the refusal to every pending person with a
 * deal, so that the disproval that follows covers them too.
 */
export async function addRemovalRefusals({ db }: Pick<Services, "db">, forms: SettingsGroup["forms"]): Promise<void> {
  const { step, code } = signatureOf(dealRemoved());
  await db.$executeRaw`
    insert into "CrmRefusal" ("step", "code", "userId")
    select ${step}, ${code}, u.id from "User" u
    where u."crmState" = 'PENDING' and u."bitrix24DealId" is not null
      and (${forms}::int[] is null or coalesce(u."formId", ${firstFormId}) = any(${forms}::int[]))
      and exists (select 1 from "CrmRefusal" r where r.step = ${step} and r.code = ${code} and r."disprovedAt" is null)
    on conflict do nothing`;
}

const isRemoved = ({ error }: Failure): boolean => error.code === dealRemovedCode;

/**
 * Ends the attempts of people whose deals are removed again and again, while those of others stay: the comparison that
 * follows lists the deal as deleted, and an administrator decides. The code stays in the row: by it no arrival is
 * told to the person, to managers or to programs. Returns the failures of other kinds.
 */
export async function endRemoved(
  { db, queue, log, env }: Pick<Services, "db" | "queue" | "log" | "env">,
  failures: Failure[],
): Promise<Failure[]> {
  for (const { person } of failures.filter(isRemoved)) {
    const { userId, dealId } = person;
    await db.$transaction(async (tx) => {
      const { count } = await tx.user.updateMany({
        where: { id: userId, crmState: "PENDING", bitrix24DealId: { not: null } },
        data: { crmState: "SYNCED", crmError: dealRemovedCode, crmErrorField: null, crmNextAttemptAt: null },
      });
      if (count === 0) return;
      await queue.enqueue(tx, "crm-payment", userId, { priority: priorities.registration });
      await raiseAlert({ db: tx, env }, { kind: "failed", facts: { code: dealRemovedCode, field: null, userId } });
    });
    log.error({ userId, dealId }, "the portal removes the deals of a registration: an administrator has to decide");
  }
  return failures.filter((failure) => !isRemoved(failure));
}

import { Prisma } from "../../prisma/generated/client";
import { raiseAlert } from "../alerts/raise";
import { failedStep, lookUpStep } from "../bitrix24/progress";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { createProgressStore } from "../crm/progress-store";
import type { Tx } from "../database/db";
import { backOffMs } from "../queue/back-off";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "pool" | "log" | "env">;

/** So often in a row a record is not returned before administrators are told. */
const timesToTell = 5;

/** Longer than the longest usual wait between two times. */
const lately = "7 days";

/** Log entries `l` of people `u` whose records the portal has not returned since it last did. */
const unreadSince = Prisma.sql`
  from "CrmLog" l join "User" u on u.id = l."userId" left join "DealSnapshot" s on s."userId" = u.id
  where l.method = ${lookUpStep} and l.outcome <> 'OK' and l.at > greatest(u."crmSyncedAt", s."checkedAt")`;

/**
 * Logs, on the person's page, that the portal does not return a record of theirs. Returns when it is asked again: with growing
 * waits, since the payment waits for it, and without end, since managers or the portal's support may mend the record.
 */
export async function noteUnread(deps: Deps, userId: number, error: Bitrix24Error): Promise<Date> {
  const { db, env } = deps;
  await createProgressStore(deps).record([failedStep(userId, lookUpStep, error, 0)]);
  const times = await unreadInARow(db, userId);
  if (times === timesToTell) await raiseAlert(deps, { kind: "unread", facts: { code: error.code, userId } });
  return new Date(Date.now() + backOffMs(env, times));
}

/** How often in a row the person's records were not returned. */
async function unreadInARow(db: Tx, userId: number): Promise<number> {
  const [row] = await db.$queryRaw<{ times: number }[]>`
    select count(*)::int as times ${unreadSince} and u.id = ${userId}`;
  return row?.times ?? 0;
}

/**
 * Whether there is still a person whose records the portal does not return, whatever it answers instead. Of a deal that proves
 * to be deleted the portal has answered.
 */
export async function hasUnread(db: Tx): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    select 1 ${unreadSince} and l.at > now() - ${lately}::interval
      and u."crmState" <> 'PENDING' and u."erasedAt" is null
      and not exists (
        select 1 from "Conflict" c
        where c."userId" = u.id and c.kind = 'DEAL_DELETED' and c."portalId" = u."bitrix24DealId"
          and (c."resolvedAt" is null or c.resolution = 'dismiss'))
    group by u.id having count(*) >= ${timesToTell} limit 1`;
  return rows.length > 0;
}

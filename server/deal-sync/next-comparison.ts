import { raiseAlert } from "../alerts/raise";
import { failedStep, lookUpStep } from "../bitrix24/progress";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { createProgressStore } from "../crm/progress-store";
import type { SyncRun } from "../crm/sync-registrations";
import type { Tx } from "../database/db";
import { backOffMs, heldMs } from "../queue/back-off";
import type { Services } from "../services";

export const moveMethod = "crm.item.update";

type Deps = Pick<Services, "db" | "pool" | "log" | "env">;

/** When a deal is compared again whose comparison failed. */
export async function retryAt(
  { db, env }: Deps,
  { userId, error, run }: { userId: number; error: Bitrix24Error; run: SyncRun },
): Promise<Date> {
  if (error.kind === "held") return new Date(Date.now() + heldMs(env));
  if (error.kind === "halted") return new Date(Date.now() + env.BITRIX24_RETRY_BASE_MS);
  const { crmInFlightUntil } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { crmInFlightUntil: true },
  });
  const failures = await failedMoves(db, userId);
  // A deal whose move fails each time is retried with growing waits instead of every minute.
  const wait = failures > 1 ? backOffMs(env, failures) : 0;
  return new Date(Math.max(Date.now() + wait, run.limitedUntil?.getTime() ?? 0, crmInFlightUntil?.getTime() ?? 0));
}

/** How many moves of this person's deal failed in a row. */
async function failedMoves(db: Services["db"], userId: number): Promise<number> {
  const move = { userId, method: moveMethod };
  const last = await db.crmLog.findFirst({
    where: { ...move, outcome: "OK" },
    orderBy: { id: "desc" },
    select: { id: true },
  });
  return db.crmLog.count({ where: { ...move, id: { gt: last?.id ?? 0n } } });
}

/** So often in a row a record is not told before administrators are. */
const timesToTell = 5;

/**
 * Logs, on the person's page, that the portal does not tell a record of theirs. Returns when it is asked again: with growing
 * waits, since the payment waits for it, and without end, since managers or the portal's support may mend the record.
 */
export async function noteUnread(deps: Deps, userId: number, error: Bitrix24Error): Promise<Date> {
  const { db, env } = deps;
  await createProgressStore(deps, new Map()).record([failedStep(userId, lookUpStep, error, 0)]);
  const times = await unreadInARow(db, userId);
  if (times === timesToTell) await raiseAlert(deps, { kind: "unread", facts: { code: error.code, userId } });
  return new Date(Date.now() + backOffMs(env, times));
}

/** How often the person's records were not told since they last were. */
async function unreadInARow(db: Tx, userId: number): Promise<number> {
  const [row] = await db.$queryRaw<{ times: number }[]>`
    select count(*)::int as times
    from "CrmLog" l join "User" u on u.id = l."userId" left join "DealSnapshot" s on s."userId" = u.id
    where u.id = ${userId} and l.method = ${lookUpStep} and l.outcome <> 'OK'
      and l.at > greatest(u."crmSyncedAt", s."checkedAt")`;
  return row?.times ?? 0;
}

/** Longer than the longest usual wait between two times. */
const lately = "7 days";

/**
 * Whether there is still a person whose records the portal does not tell, whatever it answers instead. A deal that proves
 * to be deleted is told.
 */
export async function hasUnread(db: Tx): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    select 1
    from "CrmLog" l join "User" u on u.id = l."userId" left join "DealSnapshot" s on s."userId" = u.id
    where l.method = ${lookUpStep} and l.outcome <> 'OK' and l.at > now() - ${lately}::interval
      and u."crmState" <> 'PENDING' and u."erasedAt" is null and l.at > greatest(u."crmSyncedAt", s."checkedAt")
      and not exists (
        select 1 from "Conflict" c
        where c."userId" = u.id and c.kind = 'DEAL_DELETED' and c."portalId" = u."bitrix24DealId"
          and (c."resolvedAt" is null or c.resolution = 'dismiss'))
    group by u.id having count(*) >= ${timesToTell} limit 1`;
  return rows.length > 0;
}

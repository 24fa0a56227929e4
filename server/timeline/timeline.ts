import { Prisma } from "../../prisma/generated/client";
import type { ActorRef } from "../audit/actor";
import { foundMethod, linkMethod, rowMethods, updateMethod } from "../bitrix24/progress";
import { traceMethod } from "../bitrix24/trace";
import { makingMethods } from "../crm/making-methods";
import type { Tx } from "../database/db";
import { takePage } from "../platform/pages";
import { type TimelineEvent, type TimelinePlace, toldActions } from "./events";

interface Row {
  at: Date;
  rank: number;
  id: bigint;
  kind: string;
  actorKind: ActorRef["kind"] | null;
  actorId: number | null;
  facts: object;
}

const shownMethods = [...makingMethods, linkMethod, ...rowMethods, updateMethod, traceMethod];

/**
 * What happened to a person, newest first, from all histories that are kept of them: one statement. `next` is the place
 * after which the following page begins, null on the last one.
 */
export async function readTimeline(
  { db }: { db: Tx },
  userId: number,
  { after, limit = 30 }: { after?: TimelinePlace | undefined; limit?: number } = {},
): Promise<{ events: TimelineEvent[]; next: string | null }> {
  const from = after
    ? Prisma.sql`where (at, rank, id) < (${after.at}::timestamptz, ${after.rank}::int, ${after.id}::bigint)`
    : Prisma.empty;
  const rows = await db.$queryRaw<Row[]>`
    select at, rank, id, kind, "actorKind", "actorId", facts
    from (${Prisma.join(histories(userId), " union all ")}) as e (at, rank, id, kind, "actorKind", "actorId", facts)
    ${from}
    order by at desc, rank desc, id desc
    limit ${limit + 1}`;
  const { page, last } = takePage(rows, limit);
  return { events: page.map(eventOf), next: last ? keyOf(last) : null };
}

const keyOf = ({ at, rank, id }: Row): string => `${at.getTime()}-${rank}-${id}`;

const eventOf = (row: Row): TimelineEvent =>
  ({
    key: keyOf(row),
    at: row.at.toISOString(),
    actor: row.actorKind && { kind: row.actorKind, id: row.actorId },
    kind: row.kind,
    facts: row.facts,
  }) as TimelineEvent;

/** Each history as rows of one shape. The second column orders what happened at the same moment. */
function histories(userId: number): Prisma.Sql[] {
  return [
    Prisma.sql`
      select u."createdAt", 0, 0::bigint, 'registered', null::text, null::int, jsonb_build_object('consents',
        (select coalesce(jsonb_agg(c.kind order by c.id), '[]') from "Consent" c
         where c."userId" = u.id and c."givenAt" = u."createdAt"))
      from "User" u where u.id = ${userId}`,
    Prisma.sql`
      select at, 1, id, 'audit', "actorKind"::text, "actorId", jsonb_build_object('action', action, 'details', details)
      from "AuditEntry" where "targetId" = ${userId} and action = any(${[...toldActions]})`,
    Prisma.sql`
      select at, 2, id,
        case when method = any(${rowMethods}) then 'row' when method = ${updateMethod} then 'moved'
             when method = ${traceMethod} then 'visit' when "dealId" is not null then 'deal' else 'contact' end,
        null, null, jsonb_build_object('contactId', "contactId", 'dealId', "dealId",
          'by', case method when ${foundMethod} then 'found' when ${linkMethod} then 'linked' else 'made' end,
          'how', (select u."crmContactBy" from "User" u where u.id = l."userId" and u."bitrix24ContactId" = l."contactId"))
      from "CrmLog" l where "userId" = ${userId} and outcome = 'OK' and method = any(${shownMethods})
        and (method <> all(${[...makingMethods, linkMethod]}) or coalesce("contactId", "dealId") is not null)`,
    Prisma.sql`
      select "crmSyncedAt", 3, 0, 'arrived', null, null, '{}'::jsonb
      from "User" where id = ${userId} and "crmSyncedAt" is not null`,
    Prisma.sql`
      select "createdAt", 4, id, 'payment', "actorKind"::text, "actorId",
        jsonb_build_object('changeId', id, 'isPaid', "isPaid", 'origin', origin)
      from "PaymentChange" where "userId" = ${userId}`,
    Prisma.sql`
      select case when error = 'OLD' then "nextAttemptAt" else "attemptedAt" end, 5, id, 'letter', null, null,
        jsonb_strip_nulls(jsonb_build_object('letter', kind, 'isSent', state = 'sent', 'reason', error))
      from "PersonNotice" where "userId" = ${userId} and ("attemptedAt" is not null or error = 'OLD')
        and (state = 'sent' or state = 'failed' and error <> 'OFF')`,
    Prisma.sql`
      select "sentAt", 6, abs(hashtext(id)::bigint), 'letter', null, null,
        jsonb_build_object('letter', purpose, 'isSent', true)
      from "EmailConfirmation" where "userId" = ${userId} and "sentAt" is not null`,
    Prisma.sql`
      select "settledAt", 7, 0, 'corrected', null, null, jsonb_build_object('state', state)
      from "CrmCorrection" where "userId" = ${userId} and "settledAt" is not null`,
    Prisma.sql`
      select "foundAt", 8, id, 'conflict', null, null, jsonb_build_object('conflict', kind, 'portalId', "portalId")
      from "Conflict" where "userId" = ${userId}`,
    Prisma.sql`
      select "resolvedAt", 9, id, 'settled', null, null, jsonb_build_object('conflict', kind, 'portalId', "portalId")
      from "Conflict" where "userId" = ${userId} and "resolvedAt" is not null and resolution = 'gone'`,
    Prisma.sql`
      select "setAsideAt", 10, id, 'portal', null, null,
        jsonb_build_object('portal', portal, 'contactId', "contactId", 'dealId', "dealId")
      from "EarlierRecord" where "userId" = ${userId}`,
    Prisma.sql`
      select x.at, 11, c.id, 'advertising', 'USER', x."actorId",
        jsonb_build_object('system', c.system, 'isTakenBack', x.id = c."retractId")
      from "Conversion" c join "ConversionExport" x on x.id in (c."exportId", c."retractId")
      where c."userId" = ${userId}`,
    Prisma.sql`
      select "doneAt", 12, 0, 'erasedThere', null, null, '{}'::jsonb
      from "Erasure" where "userId" = ${userId} and "doneAt" is not null`,
    Prisma.sql`
      select at, 13, id, 'stage', 'BITRIX24', null::int, jsonb_build_object('dealId', "dealId",
        'from', coalesce("fromName", "from"), 'to', coalesce("toName", "to"), 'semantic', semantic)
      from "StageMove" where "userId" = ${userId}`,
  ];
}

import { Prisma } from "../../prisma/generated/client";
import { hasWithdrawnSql } from "../consents/withdrawn";
import type { Tx } from "../database/db";
import { lockPerson } from "../database/lock-person";
import { personColumns } from "../person/columns";
import type { StoredPerson } from "../person/fields";
import { AppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

export type CorrectionState = "pending" | "done" | "noted" | "failed";

/** What has become on the portal of a change of a person's details. */
export interface CorrectionView {
  state: CorrectionState;
  changedAt: string;
  settledAt: string | null;
  /** What has to come before: the registration's own arrival, or a consent that was withdrawn. Null: nothing. */
  waitsFor: "arrival" | "consent" | null;
  /** Code of the portal's last failure. */
  error: string | null;
}

/** The details that are about to change; locked until the transaction's end. Throws NOT_FOUND. */
export async function lockDetails(tx: Tx, userId: number): Promise<StoredPerson> {
  await lockPerson(tx, userId);
  const before = await tx.user.findUnique({ where: { id: userId, erasedAt: null }, select: personColumns });
  if (!before) throw new AppError("NOT_FOUND");
  return before;
}

/** A person may correct as often as they like while the portal is away: the first version and the last ones are kept. */
const mostTold = 20;

/**
 * Notes, in the transaction that changes a person's details, that the portal has to follow. `before` is what it was told,
 * `consents` the keys of further consents that were given or withdrawn.
 * Who is still on the way there is corrected after the arrival: the sweep sees to it. Until then every version that the row
 * had may have been sent in a request whose answer is lost, and the look-up recognises what was made by it.
 */
export async function noteCorrection(
  tx: Tx,
  queue: Pick<Services["queue"], "enqueue">,
  { userId, before, consents = [] }: { userId: number; before: StoredPerson; consents?: string[] },
): Promise<void> {
  const user = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { crmState: true, bitrix24DealId: true },
  });
  const hasArrived = user.crmState === "SYNCED";
  // An administrator made by the operator is no registration: nothing of theirs is on the portal.
  if (hasArrived && user.bitrix24DealId === null) return;
  await tx.$executeRaw`
    insert into "CrmCorrection" as c ("userId", "state", "told", "consents")
    values (${userId}, 'pending', ${JSON.stringify([before])}::jsonb, ${consents}::text[])
    on conflict ("userId") do update set
      "state" = 'pending', "changedAt" = now(), "settledAt" = null, "attempts" = 0, "contactRefusals" = 0,
      "error" = null,
      "revision" = c."revision" + 1,
      "consents" = array(select distinct unnest(c."consents" || excluded."consents")),
      "told" = case
        when c."told" = '[]'::jsonb then excluded."told"
        when ${hasArrived} or c."told" @> excluded."told" then c."told"
        when jsonb_array_length(c."told") >= ${mostTold} then (c."told" - 1) || excluded."told"
        else c."told" || excluded."told" end`;
  if (hasArrived) await queue.enqueue(tx, "crm-correction", userId);
}

/**
 * Whether something of a pending correction `c` of the person `u` may go to the portal. Nothing new is handed over of a
 * person who has not arrived there yet, and of one who has withdrawn the consent to the processing only that further
 * consents are withdrawn too: mailings from there go by it.
 */
const mayBeCarried = Prisma.sql`u."crmState" = 'SYNCED' and (not ${hasWithdrawnSql("u")} or exists (
  select 1 from unnest(c."consents") kind where not exists (
    select 1 from "Consent" k where k."userId" = u.id and k.kind = kind and k."withdrawnAt" is null)))`;

/**
 * Gives a job to corrections that seem to have none: to those that had to wait for the person's arrival or consent, and
 * where it was lost.
 */
export async function sweepCorrections({ db, queue }: Pick<Services, "db" | "queue">): Promise<void> {
  const pending = await db.$queryRaw<{ userId: number }[]>`
    select c."userId" from "CrmCorrection" c join "User" u on u.id = c."userId"
    where c.state = 'pending' and ${mayBeCarried} order by c."changedAt" limit 1000`;
  await queue.ensure(
    "crm-correction",
    pending.map(({ userId }) => userId),
    priorities.registration,
  );
}

/** Null where nothing was changed since the portal was told. */
export async function readCorrection({ db }: { db: Tx }, userId: number): Promise<CorrectionView | null> {
  const row = await db.crmCorrection.findUnique({
    where: { userId },
    include: { user: { select: { crmState: true } } },
  });
  if (!row) return null;
  const free = await db.$queryRaw<unknown[]>`
    select 1 from "CrmCorrection" c join "User" u on u.id = c."userId" where u.id = ${userId} and ${mayBeCarried}`;
  const isFree = row.state !== "pending" || free.length > 0;
  return {
    state: row.state as CorrectionState,
    changedAt: row.changedAt.toISOString(),
    settledAt: row.settledAt?.toISOString() ?? null,
    waitsFor: isFree ? null : row.user.crmState === "SYNCED" ? "consent" : "arrival",
    error: row.error,
  };
}

import type { Installation } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import type { Tx } from "../database/db";
import type { Logger } from "../platform/log";
import type { Inspection } from "./facts";
import { isReplaced, isSameHome } from "./home";
import { newPart } from "./marks";
import { type IdentityQuestion, openQuestion, questionOf } from "./question";
import { silencing } from "./silence";

interface Found {
  row: Installation;
  /** The present location of this database. */
  home: string;
  marks: Marks;
  inspection: Inspection;
  /** A record with the present part was created for a lost user whose number another one has now. */
  isNumberReused: boolean;
  log: Logger;
}

/**
 * Detects that this database is not the one that it was. It may be a restored backup, which would give new users the
 * ids of lost ones, or a copy of an installation that continues. In both cases the records created from now on get a
 * new part in their external id. Whether it is a copy, an administrator has to answer; until then records with former
 * external ids are left alone.
 */
export async function followDatabase(
  tx: Tx,
  { row, home, marks, inspection, isNumberReused, log }: Found,
): Promise<{ question: IdentityQuestion; isNew: boolean } | undefined> {
  const lastUser = await lastUserGiven(tx);
  const highest = Math.max(0, ...inspection.newest.map(({ userId }) => userId));
  if (highest > lastUser)
    // The lost users' records are still on the portal, so their ids must not be given to new users.
    await tx.$queryRaw`select setval(pg_get_serial_sequence('"User"', 'id'), ${highest})::text`;
  const isOld = highest > lastUser || isNumberReused;
  if (isOld) {
    log.warn({ lastUser, onPortal: highest }, "this database is older than the records on the portal: it was restored");
    await tx.crmPortal.update({ where: { id: 1 }, data: { restoredAt: new Date() }, select: { id: true } });
  }
  const hasMoved = row.home !== null && !isSameHome(row.home, home);
  if (row.home !== home) await tx.installation.update({ where: { id: 1 }, data: { home }, select: { id: true } });
  if (!isOld && !hasMoved) return undefined;

  const isCopy = hasMoved && (await hasMade(tx)) && !(await isReplaced(tx, row.home ?? "", home));
  const earlier = [...new Set([...marks.held, marks.own, ...marks.former])];
  await tx.installation.update({
    where: { id: 1 },
    data: { part: newPart(), ...(isCopy ? { heldMarks: earlier } : {}) },
    select: { id: true },
  });
  if (!isCopy) return undefined;
  // The original goes on telling its receivers and administrators.
  for (const { statement } of silencing) await tx.$executeRawUnsafe(statement);
  const question = questionOf("database", "home", inspection);
  return { question, isNew: await openQuestion(tx, question) };
}

/** The highest user id that was ever given, even if that user no longer exists. */
async function lastUserGiven(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    select greatest(coalesce(pg_sequence_last_value(pg_get_serial_sequence('"User"', 'id')), 0),
                    (select coalesce(max(id), 0) from "User"))::int as last`;
  return row?.last ?? 0;
}

/** Whether the portal may hold records that two installations could treat as their own. */
async function hasMade(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ made: boolean }[]>`
    select exists (select 1 from "User" where "bitrix24DealId" is not null or "bitrix24ContactId" is not null)
        or exists (select 1 from "User" where "crmState" = 'PENDING' and "crmInFlightUntil" is not null) as made`;
  return row?.made ?? false;
}

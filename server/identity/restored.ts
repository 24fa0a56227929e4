import type { Installation } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import type { Tx } from "../database/db";
import type { Logger } from "../platform/log";
import type { Inspection, MarkedRecord } from "./facts";
import { isReplaced, isSameHome } from "./home";
import { newPart } from "./marks";
import { type IdentityQuestion, openQuestion, questionOf } from "./question";

interface Found {
  row: Installation;
  /** Where this database stands now. */
  home: string;
  marks: Marks;
  inspection: Inspection;
  log: Logger;
}

/**
 * Notices that this database is not the one that it was: a backup, whose next people would bear the numbers of those who
 * were lost with it, or a copy beside an installation that goes on. Either way what is made from now on bears a part of its own.
 * Of a copy an administrator has to say; until then what bears the earlier marks is left alone.
 */
export async function followDatabase(
  tx: Tx,
  { row, home, marks, inspection, log }: Found,
): Promise<{ question: IdentityQuestion; isNew: boolean } | undefined> {
  const lastUser = await lastUserGiven(tx);
  const highest = Math.max(0, ...inspection.newest.map(({ userId }) => userId));
  if (highest > lastUser)
    // Their records stand on the portal: nobody else is to get their numbers.
    await tx.$queryRaw`select setval(pg_get_serial_sequence('"User"', 'id'), ${highest})::text`;
  const isOld = highest > lastUser || (await isOlder(tx, inspection.newest));
  if (isOld) log.warn({ lastUser, onPortal: highest }, "this database is older than what it has made");
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
  const question = questionOf("database", "home", inspection);
  return { question, isNew: await openQuestion(tx, question) };
}

/** The number that the person who registered last was given, whether or not they still stand here. */
async function lastUserGiven(tx: Tx): Promise<number> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    select greatest(coalesce(pg_sequence_last_value(pg_get_serial_sequence('"User"', 'id')), 0),
                    (select coalesce(max(id), 0) from "User"))::int as last`;
  return row?.last ?? 0;
}

/** So far the portal's clock may be behind ours. */
const skewMs = 10 * 60_000;

/** Whether a record bears the present part and a number that was given only after the record was made: somebody lost had it. */
async function isOlder(tx: Tx, records: MarkedRecord[]): Promise<boolean> {
  const people = await tx.user.findMany({
    where: { id: { in: [...new Set(records.map(({ userId }) => userId))] } },
    select: { id: true, createdAt: true, bitrix24DealId: true, bitrix24ContactId: true },
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  return records.some(({ isDeal, id, userId, isPresent, madeAt }) => {
    const person = byId.get(userId);
    if (!isPresent || !person || !madeAt || (isDeal ? person.bitrix24DealId : person.bitrix24ContactId) === id)
      return false;
    return madeAt.getTime() + skewMs < person.createdAt.getTime();
  });
}

/** Whether anything stands on the portal that two installations could take for theirs. */
async function hasMade(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ made: boolean }[]>`
    select exists (select 1 from "User" where "bitrix24DealId" is not null or "bitrix24ContactId" is not null)
        or exists (select 1 from "User" where "crmState" = 'PENDING' and "crmInFlightUntil" is not null) as made`;
  return row?.made ?? false;
}

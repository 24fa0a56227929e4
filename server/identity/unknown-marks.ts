import { z } from "zod";
import { contactType, dealType } from "../bitrix24/fields";
import { isOwnMark, type Marks, markColumns } from "../bitrix24/marks";
import { userIdOf } from "../bitrix24/person";
import { isMadeBefore } from "../bitrix24/portal-clock";
import { parseRows, portalId, text } from "../bitrix24/responses";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import type { Db } from "../database/db";
import type { Services } from "../services";
import { ofFormerUsers } from "./former-users";

/**
 * Records with an external id of ours that this database does not know. Only the newest pages are read: one record is
 * enough for a warning.
 */
export interface UnknownMarks {
  /**
   * Created by another database with the same BITRIX24_ORIGINATOR_ID: another installation, or this one before it was
   * set up again.
   */
  elsewhere: Unknown[];
  /** Created by this database for users that it has lost: it was restored from a backup. */
  lost: Unknown[];
}

export interface Unknown {
  isDeal: boolean;
  id: number;
  originatorId: string;
}

/** A record with an external id that may be ours, and the user whom it names. */
export interface SeenRecord extends Unknown {
  userId: number | null;
  /** When it was created, by the portal's clock; null if the portal does not tell. */
  madeAt: Date | null;
}

const row = z.object({
  id: portalId,
  originatorId: text,
  originId: text,
  createdTime: z.coerce.date().nullish().catch(null),
});

/** The commands that list the newest records with an external id that may be ours. */
export function markQuestions(marks: Marks): Command[] {
  const own = [marks.own, ...marks.former];
  const filters = [
    { "@originatorId": own },
    { "=originatorId": marks.legacy },
    { "%originatorId": `${marks.legacy}-`, "!@originatorId": [...own, ...marks.held] },
  ];
  return [dealType, contactType].flatMap((entityTypeId) =>
    filters.map((filter): Command => newestWith(entityTypeId, filter)),
  );
}

/** Finds unknown records in the answers to these commands. Throws Bitrix24Error. */
export async function findUnknownMarks(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  outcomes: Outcome<unknown>[],
): Promise<UnknownMarks> {
  const marks = await bitrix24.marks();
  const commands = markQuestions(marks);
  const records = outcomes.flatMap((outcome, place) => {
    if (!outcome.ok) throw outcome.error;
    const isDeal = commands[place]?.params.entityTypeId === dealType;
    return parseRows("crm.item.list", row, outcome.value).rows.map(
      ({ id, originatorId, originId, createdTime }): SeenRecord => ({
        isDeal,
        id,
        originatorId,
        userId: userIdOf(originId),
        madeAt: createdTime ?? null,
      }),
    );
  });
  // A portal that does not know a filter lists all records.
  const ours = records.filter(({ originatorId }) => isOfOurs(marks, originatorId));
  const unknown = await withoutKnown(db, ours);
  const isOwn = ({ originatorId }: SeenRecord) => isOwnMark(marks, originatorId);
  const own = unknown.filter(isOwn);
  const lost = [...(await ofNoUser(db, own)), ...(await ofFormerUsers(db, bitrix24.client, own))];
  return { elsewhere: unknown.filter((record) => !isOwn(record)).map(tell), lost: lost.map(tell) };
}

const newestWith = (entityTypeId: number, filter: Record<string, unknown>): Command => ({
  method: "crm.item.list",
  params: {
    entityTypeId,
    filter,
    select: [...markColumns, "createdTime"],
    order: { id: "DESC" },
    start: -1,
  },
});

/**
 * Written with this BITRIX24_ORIGINATOR_ID, or with a former one of this database. Held ones have an open question
 * already.
 */
const isOfOurs = ({ own, former, held, legacy }: Marks, mark: string): boolean =>
  mark === own || former.includes(mark) || mark === legacy || (!held.includes(mark) && isParted(legacy, mark));

/** Whether the external id is the first part followed by a part as newPart makes it. */
const isParted = (first: string, mark: string): boolean =>
  mark.startsWith(`${first}-`) && /^[a-z2-9]{12}$/.test(mark.slice(first.length + 1));

const tell = ({ isDeal, id, originatorId }: SeenRecord): Unknown => ({ isDeal, id, originatorId });

/**
 * Of these records with external ids of this database, those that it made for users whom it has lost: no row names
 * them, and the user either does not exist or was entered later than the record.
 */
export const lostRecords = async (db: Db, records: SeenRecord[]): Promise<SeenRecord[]> =>
  ofLostUsers(db, await withoutKnown(db, records));

async function withoutKnown(db: Db, records: SeenRecord[]): Promise<SeenRecord[]> {
  const known = await knownRecords(db, records);
  return records.filter((record) => !known.has(keyOf(record)));
}

async function ofNoUser(db: Db, records: SeenRecord[]): Promise<SeenRecord[]> {
  const ids = records.flatMap(({ userId }) => userId ?? []);
  const present = new Set(
    (await db.user.findMany({ where: { id: { in: ids } }, select: { id: true } })).map(({ id }) => id),
  );
  return records.filter(({ userId }) => !present.has(userId ?? 0));
}

/** For callers that take only fitting records: one into which managers have merged the user's own does no harm here. */
async function ofLostUsers(db: Db, records: SeenRecord[]): Promise<SeenRecord[]> {
  const people = new Map(
    (
      await db.user.findMany({
        where: { id: { in: records.flatMap(({ userId }) => userId ?? []) } },
        select: { id: true, createdAt: true, insertedAt: true },
      })
    ).map((person) => [person.id, person]),
  );
  return records.filter(({ userId, madeAt }) => {
    const person = people.get(userId ?? 0);
    // A record of a known user is a duplicate, or one whose answer was lost; the reconciliation finds it.
    return !person || isMadeBefore(madeAt, person);
  });
}

const keyOf = ({ isDeal, id }: Pick<Unknown, "isDeal" | "id">): string => `${isDeal ? "deal" : "contact"} ${id}`;

/** The records that any row names: of a user, the log, a conflict or an erasure. */
async function knownRecords(db: Db, records: SeenRecord[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ isDeal: boolean; id: number }[]>`
    select r."isDeal", r.id
    from unnest(${records.map(({ isDeal }) => isDeal)}::boolean[], ${records.map(({ id }) => id)}::int[],
                ${records.map(({ userId }) => userId ?? 0)}::int[]) as r("isDeal", id, "userId")
    where exists (select 1 from "User" u where r."isDeal" and u."bitrix24DealId" = r.id)
       or exists (select 1 from "User" u where not r."isDeal" and u."bitrix24ContactId" = r.id)
       or exists (select 1 from "CrmLog" l where l."userId" = r."userId"
                  and case when r."isDeal" then l."dealId" else l."contactId" end = r.id)
       or exists (select 1 from "Conflict" c where c."userId" = r."userId" and c."portalId" = r.id)
       or exists (select 1 from "Erasure" e where e."userId" = r."userId")`;
  return new Set(rows.map(keyOf));
}

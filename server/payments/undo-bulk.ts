import { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { select } from "../database/read-within";
import { elapsedMs } from "../platform/elapsed";
import { isAppError } from "../platform/errors";
import { maxId } from "../platform/ids";
import type { Services } from "../services";
import { type SiteDeps, siteOf } from "../users/list-sql";
import { budgetMs, isSelected, type UserSelection } from "./bulk";
import { undoPayment } from "./payments";

/**
 * A bulk change of payments: what its administrator marked so between two ids of the payment history. The bulk change may
 * concern too many people to name them.
 */
export interface BulkChange {
  isPaid: boolean;
  /** The newest id before it. */
  after: number;
  /** The newest id once it was done. */
  upTo: number;
}

interface BulkAsked extends Pick<BulkChange, "isPaid"> {
  actor: Actor;
  selection: UserSelection;
  upTo: number;
  seen: number;
}

export interface BulkProgress {
  changed: number;
  undone: number;
  undoable: number;
}

const pageSize = 1_000;

/** The newest id of the payment history: 0 before the first change. */
export async function newestPaymentChange({ db }: Pick<Services, "db">): Promise<number> {
  const { _max } = await db.paymentChange.aggregate({ _max: { id: true } });
  return _max.id ?? 0;
}

/**
 * The newest id before a bulk change that may have been asked for already, in a request whose answer was lost: `seen` is the
 * newest id that its confirmation knew, and `upTo` the newest person. What its administrator has marked so of the people
 * who are meant is part of it; another bulk change made meanwhile, of other people, is not.
 */
export async function bulkStart(
  { pool, ...deps }: Pick<Services, "pool"> & SiteDeps,
  { actor, isPaid, selection, upTo, seen }: BulkAsked,
): Promise<number> {
  // Who is marked already no longer matches a list of the unpaid.
  const meant = "ids" in selection ? selection : { filter: { ...selection.filter, paid: null } };
  const [start] = await select<{ id: number }>(
    pool,
    Prisma.sql`select coalesce(max(c."id"), ${seen})::int as "id" ${made(actor, { isPaid, after: seen, upTo: maxId })}
      and not exists (select 1 from "User"
        where "id" = c."userId" and "id" <= ${upTo} and ${isSelected(meant, siteOf(deps))})`,
  );
  return start?.id ?? seen;
}

/**
 * Takes a bulk change back, person by person, as undoing one payment does, for as long as one request may take. People
 * whose payment was changed since keep it. Returns what became of the change: `undoable` is the number of remaining ones,
 * and a repeated call continues there.
 */
export async function undoBulk(
  services: Pick<Services, "db" | "pool" | "queue">,
  { actor, change, budget = budgetMs }: { actor: Actor; change: BulkChange; budget?: number },
): Promise<BulkProgress> {
  const deadline = elapsedMs() + budget;
  const undoable = conditions(actor, change);
  for (let last = change.after; elapsedMs() < deadline; ) {
    const page = await select<{ id: number }>(
      services.pool,
      Prisma.sql`select c."id" ${undoable} and c."id" > ${last} order by c."id" limit ${pageSize}`,
    );
    for (const { id } of page) {
      if (elapsedMs() >= deadline) break;
      await undoOne(services, actor, id);
      last = id;
    }
    if (page.length < pageSize) break;
  }
  return bulkProgress(services, { actor, change });
}

/**
 * How many a bulk change has changed so far, how many of them are undone since, together or one by one from their
 * histories, and how many still can be.
 */
export async function bulkProgress(
  { pool }: Pick<Services, "pool">,
  { actor, change }: { actor: Actor; change: BulkChange },
): Promise<BulkProgress> {
  const [counted] = await select<BulkProgress>(
    pool,
    // An undoing is always of the person's newest change: the one right after a change has undone that very change.
    Prisma.sql`select count(*)::int as "changed", (count(*) filter (where "next" = 'undo'))::int as "undone",
        (count(*) filter (where "next" is null))::int as "undoable"
      from (select (
          select n."origin" from "PaymentChange" n where n."userId" = c."userId" and n."id" > c."id" order by n."id" limit 1
        ) as "next" ${made(actor, change)}) made`,
  );
  return counted ?? { changed: 0, undone: 0, undoable: 0 };
}

/** Does nothing if the person's payment was changed, or the person erased, after the page of changes was read. */
async function undoOne(services: Pick<Services, "db" | "queue">, actor: Actor, changeId: number): Promise<void> {
  try {
    await undoPayment(services, { actor, changeId });
  } catch (error) {
    if (!isAppError(error, "CONFLICT") && !isAppError(error, "NOT_FOUND")) throw error;
  }
}

/** The changes that can be taken back: each the newest of its person. */
const conditions = (actor: Actor, change: BulkChange): Prisma.Sql =>
  Prisma.sql`${made(actor, change)}
      and not exists (select 1 from "PaymentChange" n where n."userId" = c."userId" and n."id" > c."id")`;

/** All its changes, except of people who were erased since. */
const made = (actor: Actor, { isPaid, after, upTo }: BulkChange): Prisma.Sql =>
  Prisma.sql`from "PaymentChange" c join "User" u on u."id" = c."userId"
    where c."id" > ${after} and c."id" <= ${upTo} and c."origin" = 'bulk' and c."isPaid" = ${isPaid}
      and c."actorKind" = ${actor.kind}::"ActorKind" and c."actorId" = ${actor.id} and u."erasedAt" is null`;

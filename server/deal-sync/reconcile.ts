import { readDeals } from "../bitrix24/deals";
import { contactType } from "../bitrix24/fields";
import { refusalOfRecords } from "../bitrix24/in-halves";
import { scanRanges } from "../bitrix24/scan";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { ownDeals } from "../crm/own-deals";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { differs, readDealRange } from "./deal-range";
import { loadDealRows, recordGone } from "./deal-snapshot";
import { endDuplicates } from "./end-duplicates";
import { perStep, rangesOf } from "./id-ranges";
import { adoptContacts, adoptDeals, adoptRemaining } from "./orphans";
import { askOthers } from "./other-records";
import { type Phase, phases } from "./phases";
import { compareDeals } from "./sync-deals";
import { watchSales } from "./watch-sales";

export interface ReconcileCounts {
  compared: number;
  changed: number;
  repaired: number;
  /** Passed over, because the portal does not return them. */
  unread: number;
}

interface Cursor {
  phase: Phase;
  /** The last portal id that was compared. */
  after: number;
  /** Of our rows in the next step; absent: as many as fit. */
  rows?: number;
  /** In place of `after`, where the next reconciliation begins with contacts: before the first one that was not looked at. */
  again?: number;
}

type Deps = Pick<Services, "db" | "pool" | "queue" | "bitrix24" | "log" | "env" | "forms">;

/**
 * Compares our rows with the portal's deals and contacts in ranges of ids, taken from our own rows. One request reads
 * about 2,300 deals. Records on the portal that our rows do not name (duplicates, lost ids) fall into the same ranges.
 * Only records that changed since the last reconciliation are compared in detail, and a step ends where enough of them did.
 * Each step is complete in itself: a killed reconciliation resumes at its cursor. A step over which the portal breaks down is
 * halved until one record is alone, and that one is passed over, if the portal returns others.
 *
 * Does the next step of the running reconciliation; false if none is running. Throws Bitrix24Error.
 */
export async function reconcileStep(deps: Deps): Promise<boolean> {
  const { db, log, bitrix24 } = deps;
  const run = await db.reconcileRun.findFirst({ where: { finishedAt: null }, orderBy: { id: "asc" } });
  if (!run) return false;
  await bitrix24.portal.assertKnown(bitrix24.client);
  const cursor = { phase: "deals", after: 0, ...(run.cursor as Partial<Cursor>) } as Cursor;
  const counts = { compared: 0, changed: 0, repaired: 0, unread: 0, ...(run.counts as Partial<ReconcileCounts>) };
  let next: Cursor | null;
  try {
    next = cursor.phase === "deals" ? await dealStep(deps, cursor, counts) : await contactStep(deps, cursor, counts);
    // Of several culprits that are neighbours, each is found in few steps.
    if (next?.phase === cursor.phase && rowsOf(cursor) < perStep) next.rows ??= Math.min(perStep, rowsOf(cursor) * 2);
  } catch (error) {
    const refusal = await refusalOfRecords(bitrix24.client, error);
    next =
      rowsOf(cursor) > 1 ? { ...cursor, rows: Math.ceil(rowsOf(cursor) / 2) } : await passOver(deps, cursor, refusal);
    if (next?.after !== cursor.after || next.phase !== cursor.phase) counts.unread++;
  }
  // Known duplicates fill no gap: they are looked at last, also where the end of the contacts was passed over.
  if (!next) {
    counts.repaired += await adoptRemaining(deps);
    await endDuplicates(deps);
  }
  // An answer about the portal or the database may have ended the run and set its cursor back meanwhile: written over,
  // that cursor would let later comparisons pass over the contacts before it.
  const { count } = await db.reconcileRun.updateMany({
    where: { id: run.id, finishedAt: null },
    data: {
      cursor: { ...(next ?? cursor) },
      counts: { ...counts },
      ...(next ? {} : { finishedAt: new Date() }),
    },
  });
  if (!next && count > 0) log.info({ run: run.id, ...counts }, "reconciled with the portal");
  return true;
}

const rowsOf = ({ rows }: Cursor): number => rows ?? perStep;

/**
 * The cursor behind the one record that the portal does not return: the next of ours, whose comparison is left to the queue, or
 * all that none of our rows names. Throws Bitrix24Error if the portal returns no others either.
 */
async function passOver(
  deps: Deps,
  { phase, after, again = after }: Cursor,
  error: Bitrix24Error,
): Promise<Cursor | null> {
  const { db, queue, log } = deps;
  const { column } = phases[phase];
  const row = await db.user.findFirst({
    where: { [column]: { gt: after } },
    orderBy: { [column]: "asc" },
    select: { id: true, bitrix24DealId: true, bitrix24ContactId: true },
  });
  const others = await askOthers(deps, { phase, except: row ? [row.id] : [] });
  if (others instanceof Bitrix24Error) throw others;
  const about = { code: error.code, method: error.method };
  log.warn(
    { phase, after, userId: row?.id, ...about },
    "the portal does not return a record: the reconciliation passes it over",
  );
  if (row && phase === "deals") await queue.ensure("crm-payment", [row.id], priorities.registration);
  if (row) return { phase, after: row[column] ?? after, rows: 1, ...(phase === "contacts" ? { again } : {}) };
  return phase === "deals" ? { phase: "contacts", after: await lastContactSeen({ db }) } : null;
}

async function dealStep(deps: Deps, cursor: Cursor, counts: ReconcileCounts): Promise<Cursor> {
  const { queue, bitrix24 } = deps;
  const { known, found, last, isFull } = await readDealRange(deps, { after: cursor.after, take: rowsOf(cursor) });
  const owners = new Map(known.map((row) => [row.bitrix24DealId as number, row]));
  const deals = new Map(found.map((deal) => [deal.id, deal]));
  const orphans = found.filter((deal) => !owners.has(deal.id));
  counts.repaired += (await adoptDeals(deps, orphans)).corrected;

  // A deal that lost its external id can still be read by its id; only a deal that cannot be read is gone.
  const missing = [...owners.keys()].filter((id) => !deals.has(id));
  for (const [id, deal] of await readDeals(bitrix24.batchRunner, missing)) deals.set(id, deal);

  const changed = known.filter((row) => differs(deps, row, deals));
  const rows = await loadDealRows(
    deps,
    changed.map((row) => row.id),
  );
  const ready = rows.filter(({ inFlightUntil }) => inFlightUntil === null);
  const { own, strangers, held, unread: unreadContacts } = await ownDeals(deps, ready, deals);
  for (const row of strangers) await recordGone(deps, row);
  const soldSeen = await watchSales(deps, own, deals);
  // The reconciliation continues; deals whose comparison failed are retried through the queue.
  const { failed, unannounced, unread } = await compareDeals(deps, own, deals, soldSeen);
  const again = [failed, unannounced, unread, held, unreadContacts].flatMap((each) => [...each.keys()]);
  // Their contact could not be read when their phone was to be added to it: no change tells of that.
  for (const row of known) if (row.crmContactBy === "email" && row.emailConfirmedAt !== null) again.push(row.id);
  await queue.ensure("crm-payment", again, priorities.registration);
  counts.compared += known.length;
  counts.changed += changed.length;
  counts.unread += unread.size + unreadContacts.size;
  if (last) return { phase: "contacts", after: await lastContactSeen(deps) };
  const after = known.at(-1)?.bitrix24DealId ?? cursor.after;
  // After a step that ended early because enough deals differed, the next one lists no more rows than that: the portal counts
  // the time that lists take.
  return { phase: "deals", after, ...(isFull ? { rows: known.length } : {}) };
}

/** Reads only contacts newer than the last reconciliation: a duplicate is always created after its original. */
async function contactStep(deps: Deps, cursor: Cursor, counts: ReconcileCounts): Promise<Cursor | null> {
  const { db, bitrix24 } = deps;
  const { after } = cursor;
  const take = rowsOf(cursor);
  const known = await db.user.findMany({
    where: { bitrix24ContactId: { gt: after } },
    orderBy: { bitrix24ContactId: "asc" },
    take,
    select: { bitrix24ContactId: true },
  });
  const ids = [...new Set(known.map((row) => row.bitrix24ContactId as number))];
  const last = known.length < take;
  const found = await scanRanges(bitrix24.batchRunner, contactType, await bitrix24.marks(), rangesOf(ids, after, last));
  const { corrected, left } = await adoptContacts(deps, found);
  counts.repaired += corrected;
  const again = cursor.again ?? (left > 0 ? after : undefined);
  if (!last) return { phase: "contacts", after: ids.at(-1) ?? after, ...(again === undefined ? {} : { again }) };
  return null;
}

/** Up to this id the last finished reconciliation has looked at all contacts. */
async function lastContactSeen({ db }: Pick<Deps, "db">): Promise<number> {
  const run = await db.reconcileRun.findFirst({
    where: { finishedAt: { not: null } },
    orderBy: { id: "desc" },
    select: { cursor: true },
  });
  const { after = 0, again = after } = (run?.cursor ?? {}) as Partial<Cursor>;
  return again;
}

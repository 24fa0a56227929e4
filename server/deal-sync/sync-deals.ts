import { type PortalDeal, readDeals, readEach, readMoves, startDealUpdates } from "../bitrix24/deals";
import { dealType } from "../bitrix24/fields";
import { culpritsOf, inHalves, withoutHalted } from "../bitrix24/in-halves";
import { isUnread } from "../bitrix24/items";
import { withKnownStages } from "../bitrix24/known-stages";
import { failedStep, updateMethod } from "../bitrix24/progress";
import { unproven } from "../bitrix24/responses";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { ownDeals } from "../crm/own-deals";
import { createProgressStore } from "../crm/progress-store";
import { noteFailure, quietRun, type SyncRun } from "../crm/sync-run";
import { setPaid } from "../payments/payments";
import { backOffMs } from "../queue/back-off";
import type { FinishedJob, Job } from "../queue/queue";
import type { Services } from "../services";
import { announce } from "./announce";
import { type DealRow, loadDealRows, recordConflict, recordGone, recordInSync, recordSeen } from "./deal-snapshot";
import { agreedDealStage, compareDeal, type Decision } from "./decide";
import { compareMainContacts } from "./main-contacts";
import { retryAt } from "./next-comparison";
import { offerPhones } from "./offer-phone";
import { askOthers } from "./other-records";
import {
  isMoved,
  listFailing,
  type Move,
  recordMoved,
  recordOutgoing,
  recordRefused,
  recordUnmoved,
} from "./own-moves";
import { paidStages, readPaidFunnels } from "./paid-stages";
import { noteUnread } from "./unread-records";
import { looksChanged, watchSales } from "./watch-sales";

const bitrix24Actor = { kind: "BITRIX24", id: null, role: "SYSTEM" } as const;

type Deps = Pick<Services, "db" | "pool" | "queue" | "bitrix24" | "log" | "env" | "forms">;
type Outbound = Extract<Decision, { kind: "outbound" }>;

/** The people to compare again, each with the error. */
interface Unfinished {
  failed: Map<number, Bitrix24Error>;
  /**
   * All is in sync but for the comment of the payment. A comment's limit is of its own method, so it holds up nothing
   * else: neither other payments nor registrations.
   */
  unannounced: Map<number, Bitrix24Error>;
  /**
   * The portal does not return a record of theirs, and answers otherwise: nothing of it is known, and no one else
   * waits.
   */
  unread: Map<number, Bitrix24Error>;
}

/**
 * Brings the payment here and the deal there in sync, whichever of them changed. The job may come from a payment, an
 * event of the portal or a reconciliation. Each deal is read first and written only on a difference, so jobs may be
 * duplicate, late, out of order or needless.
 *
 * Finishes the jobs. Errors of the portal do not escape, as with registrations.
 */
export async function syncDeals(deps: Deps, jobs: Job[]): Promise<SyncRun> {
  const run: SyncRun = { ...quietRun };
  const rows = await loadDealRows(
    deps,
    jobs.map((job) => job.userId),
  );
  const retry = new Map(
    rows.flatMap(({ userId, inFlightUntil }): [number, Date][] => (inFlightUntil ? [[userId, inFlightUntil]] : [])),
  );
  const ready = rows.filter((row) => !retry.has(row.userId));
  const { failed, unannounced, unread } = await syncRows(deps, ready, run);
  for (const [userId, error] of unannounced)
    retry.set(userId, error.retryAt ?? new Date(Date.now() + backOffMs(deps.env, 1)));
  for (const [userId, error] of failed) retry.set(userId, await retryAt(deps, { userId, error, run }));
  for (const [userId, error] of unread) retry.set(userId, await noteUnread(deps, userId, error));
  await deps.queue.finish(
    "crm-payment",
    jobs.map((job): FinishedJob => {
      const retryAt = retry.get(job.userId);
      return retryAt ? { ...job, retryAt } : job;
    }),
  );
  return run;
}

/**
 * Compares deals that were already read and belong to this installation, as a reconciliation does. `soldSeen`: users
 * whose deal's products were read. Throws Bitrix24Error, before any write, if the portal does not tell what became of
 * missing deals.
 */
export async function compareDeals(
  deps: Deps,
  rows: DealRow[],
  deals: Map<number, PortalDeal>,
  soldSeen: Set<number>,
): Promise<Unfinished> {
  const missing = rows.map((row) => row.dealId).filter((dealId) => !deals.has(dealId));
  // A list proves nothing: it also leaves out records that the webhook's owner may not see.
  const single = await readEach(deps.bitrix24.batchRunner, dealType, missing);
  const isGone = ({ dealId }: DealRow) => !deals.has(dealId) && !single.has(dealId);
  const known = await withKnownStages(
    deps.bitrix24.stages,
    rows.flatMap((row) => deals.get(row.dealId) ?? []),
  );
  const unread = new Map(
    rows.flatMap((row): [number, Bitrix24Error][] => {
      const record = single.get(row.dealId);
      if (isUnread(record)) return [[row.userId, record]];
      // A payment that has to travel would be lost with the deal that is passed over.
      if (known.has(row.dealId) || isGone(row) || !isToTravel(row)) return [];
      return [[row.userId, record instanceof Bitrix24Error ? record : unproven("crm.item.list")]];
    }),
  );
  const skipped = rows.filter((row) => !known.has(row.dealId) && !isGone(row) && !unread.has(row.userId)).length;
  if (skipped > 0)
    deps.log.warn(
      { deals: skipped },
      "some deals exist that the webhook's owner may not read, or whose answer is malformed: they are not compared",
    );
  const paid = await paidStages(deps, rows, [...known.values()]);
  const unreadContacts = await inHalves(deps.bitrix24.client, rows, (group) => compareMainContacts(deps, group, deals));
  for (const [{ userId, dealId }, { code }] of withoutHalted(unreadContacts))
    deps.log.warn({ userId, dealId, code }, "the portal does not return the deal's contacts: they are not compared");
  const moves: Move[] = [];
  const calm: DealRow[] = [];
  for (const row of rows) {
    const deal = known.get(row.dealId);
    if (!deal) {
      if (isGone(row)) await recordGone(deps, row);
      continue;
    }
    const stage = paid(row);
    await recordSeen(deps, row, deal, { soldSeen: soldSeen.has(row.userId), paid: stage });
    const decision: Decision = stage
      ? compareDeal(row.isPaid, deal, row.known, stage)
      : { kind: "inSync", isPaid: row.isPaid };
    if (decision.kind === "outbound") moves.push({ row, decision, deal, stage });
    else {
      await carryOut(deps, { row, deal, stage }, decision);
      if (decision.kind === "inSync") calm.push(row);
    }
  }
  const failed = await sendOutbound(deps, moves);
  const moved = moves.filter(({ row }) => !failed.has(row.userId)).map(({ row }) => row);
  return { failed, unannounced: await announce(deps, [...calm, ...moved]), unread };
}

/** Whether the payment here is not the one on which both sides last agreed. */
const isToTravel = ({ paidStageId, isPaid, known }: DealRow): boolean =>
  paidStageId !== undefined && isPaid !== (known.agreedPaid ?? false);

/** What the worker does next is noted in the run. */
async function syncRows(deps: Deps, rows: DealRow[], run: SyncRun): Promise<Unfinished> {
  const all: Unfinished = { failed: new Map(), unannounced: new Map(), unread: new Map() };
  if (rows.length === 0) return all;
  const { client, portal } = deps.bitrix24;
  try {
    await portal.assertKnown(client);
    // A list of stages is no person's record: if the portal does not return it, the comparison of all deals waits.
    await readPaidFunnels(deps, rows);
    const calm: DealRow[] = [];
    const compare = async (group: DealRow[]) => {
      const { own, ...compared } = await syncGroup(deps, group);
      for (const kind of ["failed", "unannounced", "unread"] as const)
        for (const [userId, error] of compared[kind]) all[kind].set(userId, error);
      // Recording the phone clears the in-flight marker, so people whose move has an unknown outcome are left out.
      calm.push(...own.filter(({ userId }) => !all.failed.has(userId) && !all.unread.has(userId)));
    };
    const except = rows.map(({ userId }) => userId);
    const returnsOthers = async () => (await askOthers(deps, { phase: "deals", except })) === "returned";
    const culprits = await culpritsOf(client, rows, compare, returnsOthers);
    const unreadContacts = await inHalves(client, calm, async (group) => {
      for (const [userId, error] of await offerPhones(deps, group)) all.failed.set(userId, error);
    });
    for (const [{ userId }, error] of culprits) (error.kind === "halted" ? all.failed : all.unread).set(userId, error);
    // Payment and stage are compared already; the next reconciliation has the phone offered again.
    for (const [{ userId }, { code }] of withoutHalted(unreadContacts))
      deps.log.warn({ userId, code }, "the portal does not return the person's contact: no phone is added to it");
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    // Refusals of single records were handled above. One that arrives here concerns no record: it is waited for as an
    // outage.
    const common = error.kind === "refused" ? error.with({ kind: "outage" }) : error;
    noteFailure(run, common);
    for (const { userId } of rows) if (!all.failed.has(userId)) all.failed.set(userId, common);
    return { ...all, unread: new Map() };
  }
  // The portal has just returned these deals. If moving one of them then fails with an unknown outcome, the cause is
  // that deal, and only its request is waited for; the other deals need not wait.
  for (const error of all.failed.values()) if (error.applied === "no") noteFailure(run, error);
  run.synced = rows.length - all.failed.size - all.unread.size;
  return all;
}

/** `own`: rows whose deal is not another person's. Throws Bitrix24Error before any write to the portal. */
async function syncGroup(deps: Deps, rows: DealRow[]): Promise<Unfinished & { own: DealRow[] }> {
  const deals = await readDeals(
    deps.bitrix24.batchRunner,
    rows.map((row) => row.dealId),
  );
  const { own, strangers, held, unread } = await ownDeals(deps, rows, deals);
  for (const row of strangers) await recordGone(deps, row);
  const suspects = own.filter((row) => {
    const deal = deals.get(row.dealId);
    return deal !== undefined && looksChanged(row, deal);
  });
  const soldSeen = await watchSales(deps, suspects, deals);
  const compared = await compareDeals(deps, own, deals, soldSeen);
  return {
    ...compared,
    own,
    failed: new Map([...held, ...compared.failed]),
    unread: new Map([...unread, ...compared.unread]),
  };
}

async function carryOut(
  deps: Deps,
  { row, deal, stage }: Pick<Move, "row" | "deal" | "stage">,
  decision: Exclude<Decision, Outbound>,
): Promise<void> {
  if (decision.kind === "conflict") return recordConflict(deps, row, deal, decision.conflict);
  if (decision.kind === "inbound") {
    await setPaid(deps, {
      actor: bitrix24Actor,
      userId: row.userId,
      isPaid: decision.isPaid,
      origin: "portal",
    });
    deps.log.info({ userId: row.userId, dealId: row.dealId, isPaid: decision.isPaid }, "payment set by the portal");
  }
  const { isPaid } = decision;
  const dealStageId = stage ? agreedDealStage(isPaid, deal, row.known, stage) : null;
  await recordInSync(deps, row, isPaid, { announced: decision.kind === "inbound", dealStageId });
}

async function sendOutbound(deps: Deps, outbound: Move[]): Promise<Map<number, Bitrix24Error>> {
  const failed = new Map<number, Bitrix24Error>();
  const due = outbound.filter(({ row }) => !row.refused);
  for (const move of due) await listFailing(deps, move);
  const progress = createProgressStore(deps);
  const run = startDealUpdates(
    deps.bitrix24.batchRunner,
    due.map(({ row, decision }) => ({ dealId: row.dealId, fields: { stageId: decision.stageId } })),
  );
  for (let places = await run.next(); places; places = await run.next()) {
    const moves = places.map((place) => due[place] as Move);
    await recordOutgoing(deps, moves);
    await progress.markInFlight(moves.map(({ row }) => row.userId));
    await run.send();
  }
  for (const [place, outcome] of readMoves(run.outcomes).entries()) {
    const move = due[place] as Move;
    const { userId, dealId } = move.row;
    if (outcome.ok) {
      await progress.record([{ userId, method: updateMethod, outcome: "OK", durationMs: 0, dealId }]);
      if (isMoved(move, outcome.value)) await recordMoved(deps, move, outcome.value);
      else await recordRefused(deps, move, "STAGE_IGNORED");
      continue;
    }
    await progress.record([{ ...failedStep(userId, updateMethod, outcome.error, 0), dealId }]);
    if (outcome.error.refusesItem) {
      await recordRefused(deps, move, outcome.error.code);
      continue;
    }
    // Otherwise a manager's move made during the wait would be taken for ours and undone.
    if (outcome.error.applied === "no") await recordUnmoved(deps, move);
    failed.set(userId, outcome.error);
  }
  return failed;
}

import type { Erasure } from "../../prisma/generated/client";
import { raiseAlert } from "../alerts/raise";
import { deleteRecord, type OwnContact, readMarked, readOwnContact, writeRecords } from "../bitrix24/own-records";
import { type AcceptedUpdate, removeRemains } from "../bitrix24/remains";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { noteMade } from "../crm/recognise";
import { noteFailure, quietRun, type SyncRun } from "../crm/sync-registrations";
import { backOffMs } from "../queue/back-off";
import { type FinishedJob, type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { anonymiseContact, anonymiseDeals, nobody } from "./anonymise";
import { clearedFields } from "./cleared-fields";
import { leaveBeside, removeBeside, tracesLeft } from "./erased-beside";
import { fittingDeals } from "./fitting-deals";
import { handOver, heirOf } from "./hand-over";
import { loggedOf, onlyMade, type RecordIds } from "./made-for-erased";
import { isTrace } from "./traces";

/** Few at a time, so that registrations do not wait for erasures. */
export const erasuresAtOnce = 5;

/** Rejections after which an administrator is alerted: another way of erasing may be needed. */
export const attemptsToTell = 5;

type Deps = Pick<Services, "db" | "queue" | "bitrix24" | "log" | "env">;

/** What was done on the portal; `left`: records that we did not create, or that now belong to another person. */
interface Counts {
  deleted: number;
  anonymised: number;
  left: number;
  /** Visits that may remain in Sales Intelligence. */
  traces?: number;
}

/**
 * Erases people on the portal: records with their external id are deleted or made anonymous. Repeating changes nothing.
 * Errors of the portal are not thrown; the job is rescheduled until it is done.
 */
export async function eraseOnPortal(deps: Deps, jobs: Job[]): Promise<SyncRun> {
  const { db, queue, log } = deps;
  const run: SyncRun = { ...quietRun };
  const finished: FinishedJob[] = [];
  for (const job of jobs) {
    const erasure = await db.erasure.findUnique({ where: { userId: job.userId, state: "pending" } });
    if (!erasure) {
      finished.push(job);
      continue;
    }
    // A request in flight would recreate what is removed now.
    const busyUntil = await inFlightUntil(deps, erasure);
    if (busyUntil) {
      finished.push({ ...job, retryAt: busyUntil });
      continue;
    }
    try {
      const counts = await followErasure(deps, erasure);
      await db.erasure.update({
        where: { userId: job.userId },
        data: { state: "done", doneAt: new Date(), traces: [], error: null, counts: { ...counts } },
      });
      log.info({ userId: job.userId, mode: erasure.mode, ...counts }, "an erasure is complete on the portal");
      finished.push(job);
      run.synced++;
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      finished.push({ ...job, retryAt: await noteRetry(deps, erasure, error, run) });
    }
  }
  await queue.finish("crm-erasure", finished);
  return run;
}

/**
 * Until when a request in flight may still create a record, a trace or a message for this person, by the database's clock;
 * null: none. A trace and a message may travel without the in-flight marker, behind a registration that is complete.
 */
async function inFlightUntil({ db, env }: Deps, { userId, traceOpen, toldAt }: Erasure): Promise<Date | null> {
  const lateMs = env.BITRIX24_TIMEOUT_MS + env.BITRIX24_SETTLE_MS;
  const [row] = await db.$queryRaw<{ until: Date }[]>`
    select until from (
      select greatest("crmInFlightUntil",
        case when ${traceOpen} then "crmTracedAt" + ${lateMs} * interval '1 millisecond' end,
        ${toldAt}::timestamptz + ${lateMs} * interval '1 millisecond') as until
      from "User" where id = ${userId}) as busy
    where until > clock_timestamp()`;
  return row?.until ?? null;
}

/**
 * Retried without end: the law demands the erasure. Only failures caused by this person's records count as attempts.
 */
async function noteRetry({ db, env, log }: Deps, erasure: Erasure, error: Bitrix24Error, run: SyncRun): Promise<Date> {
  // A record that the webhook's user may not access is this erasure's failure, too: other erasures continue.
  const own = error.kind === "refused" || error.refusesItem;
  if (!own) noteFailure(run, error);
  const attempts = erasure.attempts + (own ? 1 : 0);
  const { userId } = erasure;
  await db.$transaction(async (tx) => {
    await tx.erasure.update({ where: { userId }, data: { attempts, error: error.code } });
    if (own && attempts === attemptsToTell)
      await raiseAlert({ db: tx, env }, { kind: "erasure", facts: { code: error.code, userId } });
  });
  log.warn({ userId, code: error.code, attempts }, "an erasure is not complete on the portal yet");
  const wait = own ? backOffMs(env, attempts) : env.BITRIX24_RETRY_BASE_MS;
  return new Date(Math.max(Date.now() + wait, error.retryAt?.getTime() ?? 0));
}

/**
 * Deletes records that are noted in `going` before: one that is gone by a request whose answer was lost is found no more, and
 * was deleted by us all the same.
 */
async function remove(
  { db, bitrix24: { batchRunner } }: Deps,
  { userId }: Erasure,
  { going, kind, ids }: { going: RecordIds; kind: "contact" | "deal"; ids: number[] },
): Promise<void> {
  if (ids.length === 0) return;
  going[`${kind}s`] = [...new Set([...going[`${kind}s`], ...ids])];
  await noteGoing(db, userId, going);
  await writeRecords(
    batchRunner,
    ids.map((id) => deleteRecord(kind, id)),
  );
}

async function noteGoing(db: Deps["db"], userId: number, going: RecordIds): Promise<void> {
  await db.$executeRaw`
    update "Erasure" set made = made || jsonb_build_object('going', ${JSON.stringify(going)}::jsonb) where "userId" = ${userId}`;
}

/**
 * What stands beside the records is tried again after a refusal, as often as until an administrator is told of a record, and
 * then given up. The records are erased by then: they hold the person's data.
 */
async function followErasure(deps: Deps, erasure: Erasure): Promise<Counts> {
  const { db } = deps;
  const { userId, attempts } = erasure;
  const before = Object.keys(erasure.counts as object).length > 0 ? (erasure.counts as unknown as Counts) : null;
  const { counts, refusal } = before
    ? { counts: before, refusal: await removeBeside(deps, erasure, []) }
    : await eraseRecords(deps, erasure);
  if (refusal && attempts + 1 < attemptsToTell) {
    await db.erasure.update({ where: { userId }, data: { counts: { ...counts } }, select: { userId: true } });
    throw refusal;
  }
  if (refusal) await leaveBeside(deps, userId);
  const traces = await tracesLeft(deps, userId);
  return traces > 0 ? { ...counts, traces } : counts;
}

async function eraseRecords(deps: Deps, erasure: Erasure): Promise<{ counts: Counts; refusal: Bitrix24Error | null }> {
  const { db, bitrix24 } = deps;
  const { userId, mode, salt, traces } = erasure;
  const { batchRunner } = bitrix24;
  const marks = await bitrix24.marks();
  const found = await readMarked(batchRunner, marks, userId);
  // A contact that we created may now have another person's external id, see hand-over.ts.
  const stored = erasure.contactId === null ? null : await readOwnContact(batchRunner, marks, erasure.contactId);
  const contacts =
    stored && !found.contacts.some(({ id }) => id === stored.id) ? [...found.contacts, stored] : found.contacts;

  const isTheirs = (contact: OwnContact) =>
    isTrace(salt, traces, [contact.name, contact.lastName, ...contact.fields.map(({ value }) => value)]);
  // After a database was replaced by an empty one, a user id can exist twice: the external id alone does not prove whose the record
  // is.
  const fitting = contacts.filter((contact) => contact.id === erasure.contactId || isTheirs(contact));
  const known = {
    deals: [...(erasure.dealId === null ? [] : [erasure.dealId]), ...(loggedOf(erasure)?.deals ?? [])],
    contacts: new Set([...fitting.map(({ id }) => id), ...(erasure.contactId === null ? [] : [erasure.contactId])]),
  };
  const { contacts: theirs, deals } = await onlyMade(deps, erasure, {
    contacts: fitting,
    deals: await fittingDeals(batchRunner, marks, found.deals, known),
  });
  const ids = new Set(theirs.map(({ id }) => id));

  const refusal = await removeBeside(deps, erasure, deals);
  const cleared = await clearedFields(deps, nobody);
  const counts: Counts = {
    deleted: 0,
    anonymised: 0,
    left: contacts.length - theirs.length + found.deals.length - deals.length,
  };
  const going = loggedOf(erasure)?.going ?? { contacts: [], deals: [] };
  if (erasure.contactId !== null && !stored && !going.contacts.includes(erasure.contactId)) counts.left += 1;
  const accepted: AcceptedUpdate[] = [];
  if (mode === "delete") await remove(deps, erasure, { going, kind: "deal", ids: deals.map(({ id }) => id) });
  else {
    accepted.push(...(await anonymiseDeals(batchRunner, deals, { contacts: ids, cleared: cleared.deal })));
    counts.anonymised += deals.length;
  }
  for (const contact of theirs) {
    const heir = await heirOf(db, contact.id);
    if (heir) {
      accepted.push(await handOver({ db, batchRunner }, contact, heir, { salt, traces, cleared: cleared.contact }));
      // The contact is older than the heir, so that only the log says that it was made here.
      await noteMade(db, heir.id, { contactId: contact.id });
      counts.left += 1;
      if (going.contacts.includes(contact.id)) {
        // The portal refused to delete it before, and now it stays.
        going.contacts = going.contacts.filter((id) => id !== contact.id);
        await noteGoing(db, userId, going);
      }
    } else if (mode === "delete") await remove(deps, erasure, { going, kind: "contact", ids: [contact.id] });
    else {
      accepted.push(await anonymiseContact(batchRunner, contact, { userId, cleared: cleared.contact }));
      counts.anonymised += 1;
    }
  }
  if (accepted.length > 0) await removeRemains(batchRunner, accepted);
  return { counts: { ...counts, deleted: going.contacts.length + going.deals.length }, refusal };
}

/** Enqueues a job for erasures that seem to have none: the rows are the truth. */
export async function sweepErasures({ db, queue }: Pick<Deps, "db" | "queue">): Promise<void> {
  const pending = await db.erasure.findMany({
    where: { state: "pending" },
    select: { userId: true },
    orderBy: { requestedAt: "asc" },
    take: 1_000,
  });
  await queue.ensure(
    "crm-erasure",
    pending.map(({ userId }) => userId),
    priorities.registration,
  );
}

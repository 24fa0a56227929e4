import type { Erasure } from "../../prisma/generated/client";
import { raiseAlert } from "../alerts/raise";
import { deleteRecord, type OwnContact, writeRecords } from "../bitrix24/own-records";
import { type AcceptedUpdate, removeRemains } from "../bitrix24/remains";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { noteMade } from "../crm/recognise";
import { noteFailure, quietRun, type SyncRun } from "../crm/sync-registrations";
import { backOffMs } from "../queue/back-off";
import { type FinishedJob, type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { anonymiseContact, anonymiseDeals } from "./anonymise";
import { clearedFields } from "./cleared-fields";
import { leaveBeside, removeBeside, tracesLeft } from "./erased-beside";
import { erasedText } from "./erased-placeholders";
import { readErased } from "./erased-records";
import { asRead } from "./erasure-as-read";
import { fittingDeals } from "./fitting-deals";
import { handOver, heirOf } from "./hand-over";
import { loggedOf, onlyMade, type RecordIds } from "./made-for-erased";
import { refusalAfterRecords, refusalAlone, refusalIfOwn } from "./refusal";
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

interface Done {
  counts: Counts;
  /** What stands beside the records is given up. */
  isLeft?: boolean;
  failure?: undefined;
}

interface Failed {
  failure: Bitrix24Error;
  /** Set if the records are erased and only what stands beside them is not removed. */
  counts?: Counts;
}

type Followed = Done | Failed;

/**
 * Erases people on the portal: records with their external id are deleted or made anonymous. Repeating changes nothing.
 * Errors of the portal are not thrown; the job is rescheduled until it is done.
 */
export async function eraseOnPortal(deps: Deps, jobs: Job[]): Promise<SyncRun> {
  const { db, queue } = deps;
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
    const retryAt = await follow(deps, erasure, run);
    finished.push(retryAt ? { ...job, retryAt } : job);
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

/** Erases one person; returns when to try again, or null once the portal has followed. */
async function follow(deps: Deps, erasure: Erasure, run: SyncRun): Promise<Date | null> {
  let followed: Followed;
  try {
    followed = hasErasedRecords(erasure) ? await tryBesideAgain(deps, erasure) : await eraseAll(deps, erasure);
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    followed = { failure: await refusalIfOwn(deps.bitrix24.client, error) };
  }
  if (followed.failure) return noteRetry(deps, erasure, followed, run);
  const counts = await finish(deps, erasure, followed);
  if (!counts) return new Date();
  deps.log.info({ userId: erasure.userId, mode: erasure.mode, ...counts }, "an erasure is complete on the portal");
  run.synced++;
  return null;
}

/** Completes the erasure. Null if an administrator has changed the demand since the row was read. */
async function finish({ db }: Deps, erasure: Erasure, { counts, isLeft }: Done): Promise<Counts | null> {
  const { userId } = erasure;
  return db.$transaction(async (tx) => {
    const { count } = await tx.erasure.updateMany({
      where: asRead(erasure),
      data: { state: "done", doneAt: new Date(), traces: [], error: null },
    });
    if (count === 0) return null;
    if (isLeft) await leaveBeside(tx, userId);
    const traces = await tracesLeft(tx, userId);
    const all = traces > 0 ? { ...counts, traces } : counts;
    await tx.erasure.update({ where: { userId }, data: { counts: { ...all } }, select: { userId: true } });
    return all;
  });
}

/**
 * Retried without end: the law demands the erasure. Only failures caused by this person's records count as attempts, and what
 * stands beside the records has attempts of its own.
 */
async function noteRetry(
  { db, env, log }: Deps,
  erasure: Erasure,
  { failure: error, counts }: Failed,
  run: SyncRun,
): Promise<Date> {
  // A record that the webhook's user may not access is this erasure's failure, too: other erasures continue.
  const own = error.kind === "refused" || error.refusesItem;
  if (!own) noteFailure(run, error);
  const attempts = (counts ? 0 : erasure.attempts) + (own ? 1 : 0);
  const { userId } = erasure;
  const isNoted = await db.$transaction(async (tx) => {
    const { count } = await tx.erasure.updateMany({
      where: asRead(erasure),
      data: { attempts, error: error.code, ...(counts ? { counts: { ...counts } } : {}) },
    });
    if (count > 0 && own && attempts === attemptsToTell)
      await raiseAlert({ db: tx, env }, { kind: "erasure", facts: { code: error.code, userId } });
    return count > 0;
  });
  log.warn({ userId, code: error.code, attempts }, "an erasure is not complete on the portal yet");
  const wait = !isNoted ? 0 : own ? backOffMs(env, attempts) : env.BITRIX24_RETRY_BASE_MS;
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

const hasErasedRecords = ({ counts }: Pick<Erasure, "counts">): boolean => Object.keys(counts as object).length > 0;

/** The failure that matters: one that says nothing about this person comes before a refusal. */
const firstOf = (failures: Bitrix24Error[]): Bitrix24Error | undefined =>
  failures.find(({ kind }) => kind !== "refused") ?? failures[0];

/** Whether the portal is there shows with the records: they are erased whatever became of what stands beside them. */
async function eraseAll(deps: Deps, erasure: Erasure): Promise<Followed> {
  const { counts, failures } = await eraseRecords(deps, erasure);
  const failure = firstOf(failures.map(refusalAfterRecords));
  return failure ? { failure, counts } : { counts };
}

/**
 * Tries again to remove the visit and the message, and gives up after as many refusals as raise an alert about a record. The
 * person's data are gone by then: the records that held them are erased.
 */
async function tryBesideAgain(deps: Deps, erasure: Erasure): Promise<Followed> {
  const judged: Bitrix24Error[] = [];
  for (const error of await removeBeside(deps, erasure, []))
    judged.push(await refusalAlone(deps.bitrix24.client, error));
  const failure = firstOf(judged);
  if (failure && (failure.kind !== "refused" || erasure.attempts + 1 < attemptsToTell)) return { failure };
  return { counts: erasure.counts as unknown as Counts, isLeft: failure !== undefined };
}

async function eraseRecords(deps: Deps, erasure: Erasure): Promise<{ counts: Counts; failures: Bitrix24Error[] }> {
  const { db, bitrix24 } = deps;
  const { userId, mode, salt, traces } = erasure;
  const { batchRunner } = bitrix24;
  const marks = await bitrix24.marks();
  const found = await readErased(batchRunner, marks, erasure);

  const isTheirs = (contact: OwnContact) =>
    isTrace(salt, traces, [contact.name, contact.lastName, ...contact.fields.map(({ value }) => value)]);
  const logged = loggedOf(erasure);
  // After a database was replaced by an empty one, a user id can exist twice: the external id alone does not prove whose the record
  // is. One that an attempt has begun with has lost the person's details, and is known by its id.
  const begun = [erasure.contactId, ...(logged?.contacts ?? [])];
  const fitting = found.contacts.filter((contact) => begun.includes(contact.id) || isTheirs(contact));
  const known = {
    deals: [...(erasure.dealId === null ? [] : [erasure.dealId]), ...(logged?.deals ?? [])],
    contacts: new Set([...fitting.map(({ id }) => id), ...(erasure.contactId === null ? [] : [erasure.contactId])]),
  };
  const { contacts: theirs, deals } = await onlyMade(deps, erasure, {
    contacts: fitting,
    deals: await fittingDeals(batchRunner, marks, found.deals, known),
  });
  const ids = new Set(theirs.map(({ id }) => id));

  const failures = await removeBeside(deps, erasure, deals);
  // The right to remove a visit ends with the deal: what would have to wait anyway comes before the deletion.
  if (mode === "delete")
    for (const error of failures) {
      const judged = await refusalAlone(bitrix24.client, error);
      if (judged.kind !== "refused") throw judged;
    }
  const cleared = await clearedFields(deps, erasedText);
  const counts: Counts = {
    deleted: 0,
    anonymised: 0,
    left: found.contacts.length - theirs.length + found.deals.length - deals.length + found.unmarked,
  };
  const going = found.going;
  if (found.isStoredLost && !going.contacts.includes(erasure.contactId ?? 0)) counts.left += 1;
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
  if (accepted.length > 0) await removeRemains(batchRunner, accepted, (value) => isTrace(salt, traces, [value]));
  return { counts: { ...counts, deleted: going.contacts.length + going.deals.length }, failures };
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

import { raiseAlert } from "../alerts/raise";
import { isDealNew } from "../bitrix24/existing-records";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import type { Failure } from "../bitrix24/progress";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { inLongTransaction } from "../database/time-limits";
import { remindOfPaid } from "../payments/enqueue-paid";
import { inRandomOrder } from "../platform/random-order";
import { backOffMs, heldMs } from "../queue/back-off";
import { type FinishedJob, type Job, priorities } from "../queue/queue";
import type { Services } from "../services";
import { signatureOf } from "./common-cause";
import { holdRefused, releasePassed, withoutHeldGroups } from "./form-holds";
import { afterInFlight } from "./in-flight";
import { judgeFailures } from "./judge-failures";
import { createProgressStore } from "./progress-store";
import { forgetRefusals, forgiveRefusals, noteBurnt, openRefusals } from "./refusals";
import { acceptResponsible, skipEmployees, withoutResponsible } from "./refused-responsible";
import { endRemoved } from "./removed-deals";
import { type ReadyJob, type Selected, selectReady } from "./select-ready";
import type { CommonCause, SettingsGroup } from "./settings-groups";
import { maxAttempts, noteFailure, quietRun, type SyncRun } from "./sync-run";

type Deps = Pick<Services, "db" | "pool" | "queue" | "bitrix24" | "log" | "env" | "forms">;

/**
 * Sends the registrations of some jobs to the portal and completes or reschedules the jobs. Safe to repeat at any
 * point: every run begins with what the rows and the portal already hold. Errors of the portal do not escape. A lost
 * leader lock and an unreachable database do; the jobs are then reclaimed later. `probe`: the queue is paused and this
 * single registration tests the portal; its failure costs no attempt. `place`: the highest priority with which that
 * registration waits for its next turn, so that it is not every next probe.
 */
export async function syncRegistrations(
  services: Deps,
  jobs: Job[],
  { probe = false, place = priorities.registration }: { probe?: boolean; place?: number } = {},
): Promise<SyncRun> {
  const { go, finished, groups } = await compareFirst(
    services,
    await withoutHeldGroups(services, await selectReady(services, jobs)),
  );
  const groupOf = groupsOf(go);
  const passed = new Map(groups.all.map(({ key }) => [key, new Set<string>()]));
  const attempts = new Map(go.map(({ person, attempts }) => [person.userId, attempts + 1]));
  const { done, failed } = await services.bitrix24.createDealOnRegistration(
    go.map(({ person }) => person),
    createProgressStore(services, attempts, (step, userId) => passed.get(groupOf(userId).key)?.add(step)),
  );
  const through = done.map(({ userId }) => userId);
  await forgetRefusals(services, through);
  await acceptResponsible(services, through);
  const { left, refused } = await withoutResponsible(services, failed);
  await skipEmployees(services, refused);
  const shown = {
    groupOf,
    groups: [...new Set(go.map(({ group }) => group))],
    through: new Set(through.map((userId) => groupOf(userId).key)),
    passed,
  };
  await releasePassed(services, shown);
  const verdict = await judgeFailures(services, left, shown);

  const all = new Set([...passed.values()].flatMap((steps) => [...steps]));
  const run: SyncRun = { ...quietRun, synced: done.length, passed: all };
  for (const { error } of verdict.others) noteFailure(run, error);
  for (const cause of verdict.common) {
    if (cause.group.forms === null) run.blocked ??= cause.error;
    else await holdRefused(services, cause);
    await forgive(services, cause, go);
  }
  if (probe) run.blocked ??= verdict.own[0]?.error;
  // No registration is ended while the portal refuses several: whether one person alone is affected shows once the queue runs.
  const own = probe || verdict.common.length > 0 ? verdict.own : await endRemoved(services, verdict.own);
  const again = await reschedule(services, go, { ...verdict, own, run, probe, place });
  const hadDeal = done.filter((person) => !isDealNew(person) || person.existing.dropped.deal);
  await remindOfPaid(services, through, new Set(hadDeal.map(({ userId }) => userId)));
  await services.queue.finish("crm-registration", [...finished, ...again]);
  return run;
}

/**
 * While the cause of a refusal is unknown, registrations without an open refusal are sent first: their outcome tells
 * whether the cause is common. The order is random, because neighbours in the queue may share a fault, such as the
 * lines of one import. Refused registrations wait.
 */
async function compareFirst(services: Deps, { go, finished, groups }: Selected): Promise<Selected> {
  const open = await openRefusals(services);
  const untried = go.filter(({ person }) => !open.has(person.userId));
  const compared = new Set(untried.map(({ group }) => group));
  const waits = ({ person, group }: ReadyJob) => open.has(person.userId) && compared.has(group);
  if (!go.some(waits)) return { go, finished, groups };
  const retryAt = new Date(Date.now() + services.env.BITRIX24_RETRY_BASE_MS);
  const waiting = go.filter(waits).map(({ job }) => ({ ...job, retryAt }));
  const sent = go.filter((each) => !waits(each));
  return { groups, go: inRandomOrder(sent), finished: [...finished, ...waiting] };
}

const groupsOf = (go: ReadyJob[]): ((userId: number) => SettingsGroup) => {
  const byId = new Map(go.map(({ person, group }) => [person.userId, group]));
  return (userId) => byId.get(userId) as SettingsGroup;
};

/** The jobs of the sent registrations: completed, or due again later. */
async function reschedule(
  services: Deps,
  ready: ReadyJob[],
  {
    own,
    others,
    run,
    probe,
    place,
  }: { own: Failure[]; others: Failure[]; run: SyncRun; probe: boolean; place: number },
): Promise<FinishedJob[]> {
  const verdicts = new Map<number, { error: Bitrix24Error; blamed: boolean }>([
    ...own.map(({ person, error }) => [person.userId, { error, blamed: !probe }] as const),
    ...others.map(({ person, error }) => [person.userId, { error, blamed: false }] as const),
  ]);
  const finished: FinishedJob[] = [];
  for (const readyJob of ready) {
    const verdict = verdicts.get(readyJob.person.userId);
    if (!verdict) finished.push(readyJob.job);
    else {
      const job = await tryAgain(services, readyJob, verdict, run);
      finished.push(probe ? { ...job, priority: Math.min(job.priority, place) } : job);
    }
  }
  return finished;
}

/** Stores the next attempt of a failed registration, or that it failed permanently. */
async function tryAgain(
  services: Deps,
  { job, person, attempts }: ReadyJob,
  { error, blamed }: { error: Bitrix24Error; blamed: boolean },
  run: SyncRun,
): Promise<FinishedJob> {
  const { db, env } = services;
  const { userId } = person;
  if (error.kind === "halted") return { ...job, retryAt: new Date() };
  if (blamed) await noteBurnt(services, signatureOf(error), userId);
  const isRemoved = error.code === dealRemovedCode;
  const counted = attempts + (blamed ? 1 : 0);
  if (counted >= maxAttempts) {
    await giveUp(services, userId, counted, error);
    return job;
  }
  const wait = blamed
    ? backOffMs(env, counted)
    : error.kind === "held" || isRemoved
      ? heldMs(env)
      : Math.max(0, (run.limitedUntil?.getTime() ?? 0) - Date.now());
  const retryAt = await afterInFlight(db, userId, Date.now() + wait);
  await db.user.update({
    where: { id: userId },
    data: {
      ...(blamed ? { crmAttempts: counted } : {}),
      crmError: error.code,
      crmErrorField: error.field ?? null,
      crmNextAttemptAt: retryAt,
    },
  });
  // Behind everybody, so that those go first for whom a deal may still be made.
  return { ...job, retryAt, ...(isRemoved ? { priority: Math.min(job.priority, priorities.behind) } : {}) };
}

/** Restores the attempts of people whose refusal has a common cause, and makes their jobs due. */
async function forgive(services: Deps, { error, group }: CommonCause, inHand: ReadyJob[]): Promise<void> {
  const { db, queue, log } = services;
  const forgiven = await forgiveRefusals(services, signatureOf(error), { maxAttempts, forms: group.forms });
  const own = new Set(inHand.map(({ person }) => person.userId));
  const waiting = forgiven.filter((userId) => !own.has(userId));
  // Those whose deals were removed keep behind the others, see tryAgain.
  const place = error.code === dealRemovedCode ? { priority: priorities.behind } : {};
  await inLongTransaction(db, (tx) => queue.enqueueMany(tx, "crm-registration", waiting, place));
  if (forgiven.length > 0)
    log.warn(
      { ...signatureOf(error), people: forgiven.length },
      "several registrations are rejected for the same reason",
    );
}

async function giveUp(
  { db, log, env }: Deps,
  userId: number,
  attempts: number,
  { code, field }: Bitrix24Error,
): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.user.update({
      where: { id: userId },
      data: {
        crmState: "FAILED",
        crmAttempts: attempts,
        crmError: code,
        crmErrorField: field ?? null,
        crmNextAttemptAt: null,
      },
    });
    await raiseAlert({ db: tx, env }, { kind: "failed", facts: { code, field: field ?? null, userId } });
  });
  log.error({ userId, code, attempts }, "registration failed permanently: an administrator can resend it");
}

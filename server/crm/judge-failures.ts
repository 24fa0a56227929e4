import { dealRemovedCode, foreignMarkCode } from "../bitrix24/ownership-errors";
import { isProductProblem } from "../bitrix24/product";
import { addMethod, type Failure, lookUpStep } from "../bitrix24/progress";
import { entityOfStep, type FieldDescriptions } from "../bitrix24/sent-fields";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { elapsedMs } from "../platform/elapsed";
import type { Services } from "../services";
import { commonCause, isAlike, signatureOf } from "./common-cause";
import { leaveOutRefused } from "./leave-out";
import { disproveRefusals, noteRefusals } from "./refusals";
import { findField, named, requiredCode } from "./refused-field";
import { addRemovalRefusals } from "./removed-deals";
import type { CommonCause, SettingsGroup, Shown } from "./settings-groups";

/**
 * If the portal answered other people within this time, an isolated request without an answer points at that person's
 * data.
 */
const healthyMs = 5 * 60_000;

/** The failures of one run, by cause. */
export interface Verdict {
  /** Caused by the data of the person: each costs that person an attempt. */
  own: Failure[];
  /** Caused by the portal, the connection to it, or its configuration: these cost no attempt. */
  others: Failure[];
  /** Refusals that every registration of a group gets until an administrator corrects the portal or the settings. */
  common: CommonCause[];
}

type Deps = Pick<Services, "db" | "bitrix24">;

/**
 * Sorts the failures of a run by cause. It compares people: those of this run with each other and with those of earlier
 * runs. Only people with the same settings are compared: those of another form may fail, or succeed, because of theirs.
 */
export async function judgeFailures(services: Deps, failures: Failure[], shown: Shown): Promise<Verdict> {
  const { groupOf, passed, groups } = shown;
  await disprovePassed(services, shown);
  const fields = await fieldsFor(services, failures);
  const fieldOf = ({ person, error }: Failure) => fields && findField(fields, person, error);
  const others = await leaveOutRefused(services, failures, fieldOf);
  const retriedWithout = new Set(others.map(({ person }) => person.userId));
  const rest = failures.filter(({ person }) => !retriedWithout.has(person.userId));
  const personal: Failure[] = [];
  const common: CommonCause[] = [];
  for (const failure of rest) {
    const group = groupOf(failure.person.userId);
    if (isOfGroup(failure, group)) {
      common.push({ error: failure.error, group });
      others.push(waiting(failure));
    } else if (await isPersonal(services, failure, shown.through.has(group.key))) personal.push(failure);
    else others.push(failure);
  }
  if (personal.length === 0) return { own: [], others, common };

  const own = fields ? personal.map((failure) => named(fields, failure)) : personal;
  const refusals = own.filter(({ error }) => error.code !== foreignMarkCode);
  await noteRefusals(
    services,
    refusals.map(({ person, error }) => ({ ...signatureOf(error), userId: person.userId })),
  );
  // A refusal that did not halt the batch left the other commands a chance: if the same step succeeded for others in
  // this run, the refusal is caused by the person's data.
  for (const group of groups) {
    const ofGroup = refusals.filter(({ person }) => groupOf(person.userId) === group);
    const disproved = ofGroup.map(({ error }) => error).filter((error) => !haltsOthers(error));
    await disproveRefusals(
      services,
      [...new Set(disproved.map((error) => signatureOf(error).step))].filter((step) =>
        passed.get(group.key)?.has(step),
      ),
      group.forms,
    );
    const error = await commonCause(services, ofGroup, { fields, forms: group.forms });
    if (error) common.push({ error, group });
  }
  const isCommon = ({ person, error }: Failure) =>
    common.some(
      (cause) => cause.group === groupOf(person.userId) && isAlike(signatureOf(error), signatureOf(cause.error)),
    );
  return {
    common,
    own: own.filter((failure) => !isCommon(failure)),
    others: [
      ...others,
      ...own.filter(isCommon).map((failure) => (groupOf(failure.person.userId).forms ? waiting(failure) : failure)),
    ],
  };
}

/** Waits with its group, while other groups' registrations go on. */
const waiting = ({ person, error }: Failure): Failure => ({ person, error: error.with({ kind: "held" }) });

/**
 * Whether a failure that would stop everybody concerns only the settings of this group: its product, or a funnel that
 * is closed to the webhook's owner.
 */
function isOfGroup({ error }: Failure, { forms }: SettingsGroup): boolean {
  if (forms === null) return false;
  return isProductProblem(error) || (error.kind === "blocked" && error.step === "deal.add" && error.refusesItem);
}

/**
 * A step that succeeded for one person of a group shows that earlier refusals at it were caused by the refused people's
 * data.
 */
async function disprovePassed(services: Deps, { passed, groups }: Shown): Promise<void> {
  for (const { key, forms } of groups) {
    const steps = [...(passed.get(key) ?? [])];
    if (steps.includes("row.set")) await addRemovalRefusals(services, forms);
    await disproveRefusals(services, steps, forms);
  }
}

/** Whether the failure seems to be caused by the person's data. A failure of the portal costs no attempt. */
async function isPersonal(services: Deps, { error, person }: Failure, anyDone: boolean): Promise<boolean> {
  switch (error.kind) {
    case "refused":
      return true;
    case "blocked":
      // If the portal refuses access for one person and allows it for others, that person's deal or contact is closed
      // to the webhook.
      return anyDone || (await isClosedRecord(services, error, person.userId));
    case "outage":
      // A command that was not sent, because another person's request had failed before it, says nothing about its person.
      return person.isolated && error.alone === true && elapsedMs() - services.bitrix24.lastThroughAt < healthyMs;
    case "limit":
    case "held":
    case "halted":
      return false;
  }
}

/**
 * Whether the portal allowed the same method for other people lately, or since it first refused this person. Then
 * access to one record is missing. Read from the log, because a refused registration is usually retried without others
 * in its group. Not for creating: a missing right to create affects every registration.
 */
async function isClosedRecord({ db }: Deps, { refusesItem, method }: Bitrix24Error, userId: number): Promise<boolean> {
  if (!refusesItem || method === addMethod) return false;
  const refused = await db.crmLog.findFirst({
    where: { userId, method, outcome: { not: "OK" } },
    orderBy: { id: "asc" },
    select: { at: true },
  });
  const since = new Date(Math.min(Date.now() - healthyMs, refused?.at.getTime() ?? Number.POSITIVE_INFINITY));
  const other = await db.crmLog.findFirst({
    where: { method, outcome: "OK", userId: { not: userId }, at: { gt: since } },
    select: { id: true },
  });
  return other !== null;
}

/** The portal's field descriptions if any failure may be about a field; null if the portal does not return them. */
async function fieldsFor({ bitrix24 }: Deps, failures: Failure[]): Promise<FieldDescriptions | null> {
  const told = failures.filter(({ error }) => error.kind === "refused" && error.applied === "no");
  if (!told.some(({ error }) => entityOfStep(error.step))) return null;
  return await bitrix24.fields.tryRead({ fresh: failures.some(({ error }) => error.code === requiredCode) });
}

/**
 * Whether this failure halted its batch. Then a success before it in the batch does not show that the cause is
 * personal. That deals were removed shows in the look-up, which halts nothing.
 */
const haltsOthers = ({ applied, step, code }: Bitrix24Error): boolean =>
  applied === "no" && step !== undefined && step !== lookUpStep && code !== dealRemovedCode;

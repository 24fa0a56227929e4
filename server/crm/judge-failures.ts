import { fieldLabel, findFieldInSentence } from "../bitrix24/field-descriptions";
import { foreignMarkCode } from "../bitrix24/ownership-errors";
import type { Failure } from "../bitrix24/progress";
import type { Person } from "../bitrix24/registrant";
import {
  type Entity,
  entityOfStep,
  type FieldDescriptions,
  isConfigured,
  isOptional,
  type PortalField,
  unmetDemands,
} from "../bitrix24/sent-fields";
import { halted } from "../bitrix24/transport/batch";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import { personFieldNames } from "../person/fields";
import type { Services } from "../services";
import { leaveOutRefused } from "./leave-out";
import { disproveRefusals, noteRefusals, readEvidence, type Signature } from "./refusals";

/** Whether the portal answered for others lately: then a lone request without an answer is that person's own fault. */
const healthyMs = 5 * 60_000;

/** So many people turned down alike, and nobody through: that is no matter of their data, whoever else waits. */
const peopleForCommonCause = 4;
/** Where the same has lately turned out to be a person's own, it takes more. */
const peopleAgainstExperience = 5;
/** With nobody left to compare with: all that there are, if they are more than one. */
const peopleWhenNobodyElseWaits = 2;

/** Whose fault the failures of one run are. */
export interface Verdict {
  /** Each its person's own: it costs an attempt. */
  own: Failure[];
  /** Nobody's: the portal's, the way to it, or its configuration. */
  others: Failure[];
  /** What turns everybody down alike, until a person mends it on the portal. */
  common: Bitrix24Error | undefined;
}

type Deps = Pick<Services, "db" | "bitrix24">;

export const signatureOf = ({ step, method, code, field }: Bitrix24Error): Signature => ({
  step: step ?? method,
  code,
  field: field ?? null,
});

const isAlike = (a: Signature, b: Signature): boolean => a.step === b.step && a.code === b.code && a.field === b.field;

/**
 * Tells whose fault the failures of a run are, by comparing people: with those of the same run, and with those before.
 * `anyDone`: a registration got through in this run; `passed`: the steps at which one got through.
 */
export async function judgeFailures(
  services: Deps,
  failures: Failure[],
  { anyDone, passed }: { anyDone: boolean; passed: Set<string> },
): Promise<Verdict> {
  await disproveRefusals(services, [...passed]);
  const fields = await fieldsFor(services, failures);
  const fieldOf = ({ person, error }: Failure) => (fields && findField(fields, person, error)?.name) ?? null;
  const others = await leaveOutRefused(services, failures, fieldOf);
  const plainer = new Set(others.map(({ person }) => person.userId));
  const rest = failures.filter(({ person }) => !plainer.has(person.userId));
  const personal: Failure[] = [];
  for (const failure of rest) ((await isPersonal(services, failure, anyDone)) ? personal : others).push(failure);
  if (personal.length === 0) return { own: [], others, common: undefined };

  const own = fields ? personal.map((failure) => named(fields, failure)) : personal;
  const refusals = own.filter(({ error }) => error.code !== foreignMarkCode);
  await noteRefusals(
    services,
    refusals.map(({ person, error }) => ({ ...signatureOf(error), userId: person.userId })),
  );
  // What stopped nobody else: then those who got through in the same run say whose fault it is.
  const disproved = refusals.map(({ error }) => error).filter((error) => !haltsOthers(error));
  await disproveRefusals(
    services,
    [...new Set(disproved.map((error) => signatureOf(error).step))].filter((step) => passed.has(step)),
  );
  const common = await commonCause(services, refusals, fields);
  if (!common) return { own, others, common };
  const isCommon = ({ error }: Failure) => isAlike(signatureOf(error), signatureOf(common));
  return {
    common,
    own: own.filter((failure) => !isCommon(failure)),
    others: [...others, ...own.filter(isCommon)],
  };
}

const refusedValueCode = "CRM_FIELD_ERROR_VALUE_NOT_VALID";
const responsibleField = "assignedById";
/** Where the portal does not tell its fields' names: what this one is called from the start. */
const usualResponsible = /assigned_?by|responsible|ответственн/iu;

/**
 * Takes the failures apart that are about the responsible person: no fault of who registers, and none of everybody. Others
 * take the place of a refused employee, so these people count as not carried out and are tried again at once.
 */
export async function withoutResponsible(
  { bitrix24 }: Pick<Services, "bitrix24">,
  failures: Failure[],
): Promise<{ left: Failure[]; refused: Set<number> }> {
  const refused = new Set<number>();
  const isSuspect = ({ person, error }: Failure) =>
    error.code === refusedValueCode && error.applied === "no" && person.assignedById !== null;
  const fields = failures.some(isSuspect) ? await bitrix24.fields.tryRead() : null;
  const left = failures.map((failure) => {
    const { person, error } = failure;
    if (person.assignedById === null || !isSuspect(failure) || !isAboutResponsible(failure, fields)) return failure;
    refused.add(person.assignedById);
    return { person, error: halted(error.method) };
  });
  return { left, refused };
}

function isAboutResponsible({ person, error }: Failure, fields: FieldDescriptions | null): boolean {
  const entity = entityOfStep(error.step);
  const sentence = error.sentence ?? "";
  if (!entity) return false;
  if (fields) return findFieldInSentence(sentence, fields[entity], ownTexts(person))?.name === responsibleField;
  return usualResponsible.test(
    ownTexts(person).reduce((rest, own) => (own ? rest.replaceAll(own, " ") : rest), sentence),
  );
}

/** Whether a failure seems to be this person's own, or is the portal's, which costs nobody anything. */
async function isPersonal(services: Deps, { error, person }: Failure, anyDone: boolean): Promise<boolean> {
  switch (error.kind) {
    case "refused":
      return true;
    case "blocked":
      // Forbidden to one while others passed: that deal or contact is closed to us, not the portal.
      return anyDone || (await isClosedRecord(services, error, person.userId));
    case "outage":
      return person.isolated && Date.now() - services.bitrix24.lastThroughAt < healthyMs;
    case "limit":
    case "held":
    case "halted":
      return false;
  }
}

/**
 * Whether the portal did the same for others lately, or since it first refused this person: then one record is closed
 * to us. Read from the log, because a refused registration is mostly repeated alone. A right to create is missing for
 * all alike.
 */
async function isClosedRecord({ db }: Deps, { refusesItem, method }: Bitrix24Error, userId: number): Promise<boolean> {
  if (!refusesItem || method === "crm.item.add") return false;
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

/** The portal's fields, where any of the failures is about one; null where the portal does not tell. */
async function fieldsFor({ bitrix24 }: Deps, failures: Failure[]): Promise<FieldDescriptions | null> {
  const told = failures.filter(({ error }) => error.kind === "refused" && error.applied === "no");
  if (!told.some(({ error }) => entityOfStep(error.step))) return null;
  return await bitrix24.fields.tryRead({ fresh: failures.some(({ error }) => error.code === requiredCode) });
}

/** The same failure with the portal's field that it is about, where its words tell. */
function named(fields: FieldDescriptions, { person, error }: Failure): Failure {
  const field = findField(fields, person, error);
  return { person, error: field ? error.with({ field: fieldLabel(field) }) : error };
}

async function commonCause(
  services: Deps,
  failures: Failure[],
  fields: FieldDescriptions | null,
): Promise<Bitrix24Error | undefined> {
  const seen: Signature[] = [];
  for (const { error } of failures) {
    const signature = signatureOf(error);
    if (seen.some((known) => isAlike(known, signature))) continue;
    seen.push(signature);
    if (isConfiguration(fields, error) || (await hitsEverybody(services, signature))) return error;
  }
  return undefined;
}

/** One person is enough where the field tells: registrations never send it, or send the same for everybody. */
function isConfiguration(fields: FieldDescriptions | null, error: Bitrix24Error): boolean {
  const entity = entityOfStep(error.step);
  const field = entity && fields?.[entity].find((each) => fieldLabel(each) === error.field);
  if (!entity || !field) return false;
  if (error.code === requiredCode) return !isOptional(entity, field.name);
  return isConfigured(entity, field.name);
}

async function hitsEverybody(services: Deps, signature: Signature): Promise<boolean> {
  const { people, knownAsPersonal, othersWait } = await readEvidence(services, signature);
  if (knownAsPersonal) return people >= peopleAgainstExperience;
  return people >= (othersWait ? peopleForCommonCause : peopleWhenNobodyElseWaits);
}

/** Whether a batch ended with this failure: then those who passed before it say nothing of it. */
const haltsOthers = ({ applied, step }: Bitrix24Error): boolean =>
  applied === "no" && step !== undefined && step !== "lookup";

const requiredCode = "CRM_FIELD_ERROR_REQUIRED";

/** By the portal's words; where those name none, a demand may show in the descriptions. */
function findField(fields: FieldDescriptions, person: Person, error: Bitrix24Error): PortalField | null {
  const entity: Entity | null = entityOfStep(error.step);
  if (!entity || error.applied !== "no") return null;
  const named = findFieldInSentence(error.sentence ?? "", fields[entity], ownTexts(person));
  if (named || error.code !== requiredCode) return named;
  return unmetDemands(fields, entity).never[0] ?? null;
}

const ownTexts = (person: Person): string[] =>
  [
    ...personFieldNames.map((name) => person[name]),
    ...Object.values(person.utm),
    ...Object.values(person.visit),
  ].filter((text) => text !== null);

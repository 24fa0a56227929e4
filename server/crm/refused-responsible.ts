import { raiseAlert } from "../alerts/raise";
import { findFieldInSentence, withoutTexts } from "../bitrix24/field-descriptions";
import { ownTexts } from "../bitrix24/person";
import type { Failure } from "../bitrix24/progress";
import { entityOfStep, type FieldDescriptions } from "../bitrix24/sent-fields";
import { halted } from "../bitrix24/transport/batch";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "log" | "env">;

/**
 * A refused employee is skipped for this long. Then one registration tries whether the portal accepts the employee
 * again.
 */
const skippedForMs = 3_600_000;

const refusedValueCode = "CRM_FIELD_ERROR_VALUE_NOT_VALID";
const responsibleField = "assignedById";
/** Recognises the field in a sentence of the portal when its field names cannot be read. */
const usualResponsible = /assigned_?by|responsible|ответственн/iu;

/**
 * Separates the failures about the responsible person. They are caused neither by the person's data nor by a common
 * problem: another employee takes the turn of a refused one, or of one to whom the webhook's owner may assign nothing.
 * These registrations therefore count as not sent and are tried again at once.
 */
export async function withoutResponsible(
  { bitrix24 }: Pick<Services, "bitrix24">,
  failures: Failure[],
): Promise<{ left: Failure[]; refused: Set<number> }> {
  const refused = new Set<number>();
  const isSuspect = ({ person, error }: Failure) =>
    error.code === refusedValueCode && error.applied === "no" && person.assignedById !== null;
  const isClosed = ({ person, error }: Failure) =>
    error.code === "ACCESS_DENIED" && error.refusesItem && entityOfStep(error.step) && namesResponsible(person, error);
  const fields = failures.some(isSuspect) ? await bitrix24.fields.tryRead() : null;
  const left = failures.map((failure) => {
    const { person, error } = failure;
    if (person.assignedById === null) return failure;
    if (!isClosed(failure) && !(isSuspect(failure) && isAboutResponsible(failure, fields))) return failure;
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
  return namesResponsible(person, { sentence });
}

const namesResponsible = (person: Failure["person"], { sentence = "" }: Pick<Failure["error"], "sentence">): boolean =>
  usualResponsible.test(withoutTexts(sentence, ownTexts(person)));

/** The employees whom the portal recently refused as responsible persons. */
export async function skippedEmployees({ db }: Pick<Services, "db">): Promise<Set<number>> {
  const since = new Date(Date.now() - skippedForMs);
  const rows = await db.refusedResponsible.findMany({ where: { refusedAt: { gt: since } }, select: { id: true } });
  return new Set(rows.map(({ id }) => id));
}

/**
 * Skips refused employees when responsible persons are assigned, and reports each of them once. No registration
 * fails because of a refused employee.
 */
export async function skipEmployees(services: Deps, ids: Set<number>): Promise<void> {
  for (const id of ids) await skipEmployee(services, id);
}

async function skipEmployee(services: Deps, id: number): Promise<void> {
  const { db, env, log } = services;
  const isNew = await db.$transaction(async (tx) => {
    const known = await tx.refusedResponsible.findUnique({ where: { id }, select: { id: true } });
    await tx.refusedResponsible.upsert({ where: { id }, create: { id }, update: { refusedAt: new Date() } });
    if (!known) await raiseAlert({ db: tx, env }, { kind: "responsible", facts: { id } });
    return !known;
  });
  // Locked in id order, like all who are changed at once.
  await db.$executeRaw`
    with locked as materialized (
      select id from "User" where "crmAssignedById" = ${id} and "crmState" <> 'SYNCED' and "bitrix24DealId" is null
      order by id for no key update)
    update "User" u set "crmAssignedById" = null from locked where u.id = locked.id`;
  if (isNew) log.error({ responsible: id }, "the portal rejects a responsible person: the others take turns");
}

/** A registration that succeeded with a skipped employee shows that the portal accepts this employee again. */
export async function acceptResponsible({ db, log }: Pick<Deps, "db" | "log">, userIds: number[]): Promise<void> {
  if (userIds.length === 0) return;
  const accepted = await db.$executeRaw`
    delete from "RefusedResponsible" r where r."refusedAt" < ${new Date(Date.now() - skippedForMs)}
      and exists (select 1 from "User" u where u.id = any(${userIds}) and u."crmAssignedById" = r.id)`;
  if (accepted > 0) log.info({ accepted }, "the portal accepts a responsible person again");
}

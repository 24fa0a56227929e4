import type { SyncResults } from "../bitrix24/bitrix24";
import {
  type Entity,
  type FieldDescriptions,
  fieldLabel,
  findFieldInSentence,
  type PortalField,
} from "../bitrix24/field-descriptions";
import { foreignMarkCode } from "../bitrix24/ownership-errors";
import type { Person } from "../bitrix24/registrant";
import { entityOfStep, isConfigured, isOptional, unmetDemands } from "../bitrix24/sent-fields";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import { disproveRefusals, noteRefusals, readEvidence, type Signature } from "./refusals";

/** Whether the portal answered for others lately: then a lone request without an answer is that person's own fault. */
const healthyMs = 5 * 60_000;

/** So many people turned down alike, and nobody through: that is no matter of their data, whoever else waits. */
const peopleForCommonCause = 4;
/** Where the same has lately turned out to be a person's own, it takes more. */
const peopleAgainstExperience = 5;
/** With nobody left to compare with: all that there are, if they are more than one. */
const peopleWhenNobodyElseWaits = 2;

export interface Failure {
  person: Person;
  error: Bitrix24Error;
}

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

/** Tells whose fault a failure is, by comparing people: with those of the same run, and with those before. */
export class FailureJudge {
  readonly #deps: Deps;
  #answeredAt = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `passed`: the steps at which anybody got through in this run. */
  async judge(failures: Failure[], results: SyncResults, passed: Set<string>): Promise<Verdict> {
    if ([...results.values()].includes("done")) this.#answeredAt = Date.now();
    await disproveRefusals(this.#deps, [...passed]);
    const verdict: Verdict = { own: [], others: [], common: undefined };
    for (const failure of failures)
      ((await this.#isPersonal(failure, results)) ? verdict.own : verdict.others).push(failure);
    if (verdict.own.length === 0) return verdict;

    verdict.own = await this.#named(verdict.own);
    const refusals = verdict.own.filter(({ error }) => error.code !== foreignMarkCode);
    await noteRefusals(
      this.#deps,
      refusals.map(({ person, error }) => ({ ...signatureOf(error), userId: person.userId })),
    );
    // What stopped nobody else: then those who got through in the same run say whose fault it is.
    const disproved = refusals.map(({ error }) => error).filter((error) => !haltsOthers(error));
    await disproveRefusals(
      this.#deps,
      [...new Set(disproved.map((error) => signatureOf(error).step))].filter((step) => passed.has(step)),
    );
    verdict.common = await this.#commonCause(refusals);
    const { common } = verdict;
    if (!common) return verdict;
    const isCommon = ({ error }: Failure) => isAlike(signatureOf(error), signatureOf(common));
    return {
      common,
      own: verdict.own.filter((failure) => !isCommon(failure)),
      others: [...verdict.others, ...verdict.own.filter(isCommon)],
    };
  }

  /** Whether a failure seems to be this person's own, or is the portal's, which costs nobody anything. */
  async #isPersonal({ error, person }: Failure, results: SyncResults): Promise<boolean> {
    switch (error.kind) {
      case "refused":
        return true;
      case "blocked":
        // Forbidden to one while others passed: that deal or contact is closed to us, not the portal.
        return [...results.values()].includes("done") || (await this.#isClosedRecord(error, person.userId));
      case "outage":
        return person.isolated && Date.now() - this.#answeredAt < healthyMs;
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
  async #isClosedRecord({ refusesItem, method }: Bitrix24Error, userId: number): Promise<boolean> {
    if (!refusesItem || method === "crm.item.add") return false;
    const { db } = this.#deps;
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

  /** The same failures with the portal's field that each is about, where its words tell. */
  async #named(failures: Failure[]): Promise<Failure[]> {
    if (!failures.some(({ error }) => entityOfStep(error.step) && error.applied === "no")) return failures;
    const demands = failures.some(({ error }) => error.code === requiredCode);
    const fields = await this.#deps.bitrix24.fields.tryRead({ fresh: demands });
    if (!fields) return failures;
    return failures.map(({ person, error }) => {
      const field = findField(fields, person, error);
      return { person, error: field ? error.with({ field: fieldLabel(field) }) : error };
    });
  }

  async #commonCause(failures: Failure[]): Promise<Bitrix24Error | undefined> {
    const seen: Signature[] = [];
    for (const { error } of failures) {
      const signature = signatureOf(error);
      if (seen.some((known) => isAlike(known, signature))) continue;
      seen.push(signature);
      if ((await this.#isConfiguration(error)) || (await this.#hitsEverybody(signature))) return error;
    }
    return undefined;
  }

  /** One person is enough where the field tells: registrations never send it, or send the same for everybody. */
  async #isConfiguration(error: Bitrix24Error): Promise<boolean> {
    const entity = entityOfStep(error.step);
    const fields = entity && error.field ? await this.#deps.bitrix24.fields.tryRead() : null;
    const field = entity && fields?.[entity].find((each) => fieldLabel(each) === error.field);
    if (!entity || !field) return false;
    if (error.code === requiredCode) return !isOptional(entity, field.name);
    return isConfigured(entity, field.name);
  }

  async #hitsEverybody(signature: Signature): Promise<boolean> {
    const { people, knownAsPersonal, othersWait } = await readEvidence(this.#deps, signature);
    if (knownAsPersonal) return people >= peopleAgainstExperience;
    return people >= (othersWait ? peopleForCommonCause : peopleWhenNobodyElseWaits);
  }
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
  [person.firstName, person.lastName, person.company, person.email, person.phone, ...Object.values(person.utm)].filter(
    (text) => text !== null,
  );

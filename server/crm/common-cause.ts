import { fieldLabel } from "../bitrix24/field-descriptions";
import { filledBy } from "../bitrix24/mapped-fields";
import { isLeftOut, leavesOutEmoji } from "../bitrix24/ornaments";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import type { Person } from "../bitrix24/person";
import type { Failure } from "../bitrix24/progress";
import {
  entityOfStep,
  type FieldDescriptions,
  isConfigured,
  isOptional,
  type PortalField,
} from "../bitrix24/sent-fields";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import { readEvidence, type Signature } from "./refusals";
import { requiredCode } from "./refused-field";
import type { SettingsGroup } from "./settings-groups";

/**
 * If this many people get the same refusal and no registration succeeds, the cause is not in the data of one person.
 */
const peopleForCommonCause = 4;
/** More people are needed where the same refusal was lately caused by the data of one person. */
const peopleAgainstExperience = 5;
/** With nothing else due to compare with, this many equal refusals are enough; a single one proves nothing. */
const peopleWhenNobodyElseWaits = 2;
/** Each of them has cost two deals, and would be ended instead of tried again. */
const peopleWithoutDeals = 2;

export const signatureOf = ({ step, method, code, field }: Bitrix24Error): Signature => ({
  step: step ?? method,
  code,
  field: field ?? null,
});

export const isAlike = (a: Signature, b: Signature): boolean =>
  a.step === b.step && a.code === b.code && a.field === b.field;

/** Of these refusals of people with the same settings, the one that all of them would get. */
export async function commonCause(
  services: Pick<Services, "db">,
  failures: Failure[],
  { fields, forms }: { fields: FieldDescriptions | null; forms: SettingsGroup["forms"] },
): Promise<Bitrix24Error | undefined> {
  const seen: Signature[] = [];
  for (const { person, error } of failures) {
    const field = fieldOf(fields, error);
    if (field && lacksOwnValue(person, field, error)) continue;
    const signature = signatureOf(error);
    if (seen.some((known) => isAlike(known, signature))) continue;
    seen.push(signature);
    if ((field && isConfiguration(person, field, error)) || (await hitsEverybody(services, signature, forms)))
      return error;
  }
  return undefined;
}

interface RefusedField {
  entity: keyof FieldDescriptions;
  field: PortalField;
  fields: FieldDescriptions;
}

function fieldOf(fields: FieldDescriptions | null, error: Bitrix24Error): RefusedField | null {
  const entity = entityOfStep(error.step);
  const field = entity && fields?.[entity].find((each) => fieldLabel(each) === error.field);
  return entity && field ? { entity, field, fields: fields as FieldDescriptions } : null;
}

/**
 * Whether the refusal demands a field that is filled for others and empty for this person: only some people have a value
 * for it, or the portal has refused this person's value, which is left out since. However many lack it, each of them is
 * refused for that, and the others are not.
 */
function lacksOwnValue(person: Person, { entity, field, fields }: RefusedField, error: Bitrix24Error): boolean {
  if (error.code !== requiredCode) return false;
  const { always, sometimes, constant } = filledBy(person.settings.fieldRules, fields, entity);
  if (sometimes.has(field.name)) return true;
  if (constant.has(field.name)) return false;
  return isLeftOut(person, entity, field) || (always.has(field.name) && leavesOutEmoji(person));
}

/**
 * One refusal is enough if it is about a field that registrations never send, or send with the same value for all. A
 * value for all that was left out once need not be refused to others.
 */
function isConfiguration(person: Person, { entity, field }: RefusedField, error: Bitrix24Error): boolean {
  if (isLeftOut(person, entity, field)) return false;
  if (error.code === requiredCode) return !isOptional(entity, field.name);
  return isConfigured(entity, field.name);
}

async function hitsEverybody(
  services: Pick<Services, "db">,
  signature: Signature,
  forms: SettingsGroup["forms"],
): Promise<boolean> {
  const { people, knownAsPersonal, othersWait } = await readEvidence(services, signature, forms);
  if (signature.code === dealRemovedCode) return people >= peopleWithoutDeals;
  if (knownAsPersonal) return people >= peopleAgainstExperience;
  return people >= (othersWait ? peopleForCommonCause : peopleWhenNobodyElseWaits);
}

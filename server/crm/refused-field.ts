import { fieldLabel, findFieldInSentence } from "../bitrix24/field-descriptions";
import { filledBy } from "../bitrix24/mapped-fields";
import { isLeftOut } from "../bitrix24/ornaments";
import { ownTexts, type Person } from "../bitrix24/person";
import type { Failure } from "../bitrix24/progress";
import {
  type Entity,
  entityOfStep,
  type FieldDescriptions,
  type PortalField,
  unmetDemands,
} from "../bitrix24/sent-fields";
import type { Bitrix24Error } from "../bitrix24/transport/error";

/** The portal demands a field that the record does not have. */
export const requiredCode = "CRM_FIELD_ERROR_REQUIRED";

/**
 * The field that the portal's sentence names. If it names none, a mandatory field is looked for in the descriptions: one
 * that nothing fills, else one that was left out of this person's record, else one that the settings fill.
 */
export function findField(fields: FieldDescriptions, person: Person, error: Bitrix24Error): PortalField | null {
  const entity: Entity | null = entityOfStep(error.step);
  if (!entity || error.applied !== "no") return null;
  const named = findFieldInSentence(error.sentence ?? "", fields[entity], ownTexts(person));
  if (named || error.code !== requiredCode) return named;
  const [unfilled] = unmetDemands(fields, entity, filledBy(person.settings.fieldRules, fields, entity)).never;
  const leftOut = fields[entity].find((field) => field.required && isLeftOut(person, entity, field));
  return unfilled ?? leftOut ?? unmetDemands(fields, entity).never[0] ?? null;
}

/** Adds the portal's field to the failure if the portal's sentence names one. */
export function named(fields: FieldDescriptions, { person, error }: Failure): Failure {
  const field = findField(fields, person, error);
  return { person, error: field ? error.with({ field: fieldLabel(field) }) : error };
}

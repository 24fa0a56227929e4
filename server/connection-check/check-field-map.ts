import { type AnswerKinds, fits, isFillable } from "../bitrix24/convert-value";
import { fieldLabel } from "../bitrix24/field-descriptions";
import { filledBy, findPlace } from "../bitrix24/mapped-fields";
import { type FieldDescriptions, isSent, unmetDemands } from "../bitrix24/sent-fields";
import { isBatchSafe } from "../bitrix24/transport/safe-text";
import type { Env } from "../platform/env";
import { answerKey, consentOfSource, mappableEntities } from "../platform/field-map";

/** What is wrong with a rule; its words stand in server/preview/objection-texts.ts. */
export type FieldMapFault =
  | "noQuestion"
  | "noConsent"
  | "noField"
  | "ownField"
  | "fieldTwice"
  | "fieldType"
  | "macro"
  | "unfit"
  | "unfitText";

/** What people are asked. */
export interface AskedOfPeople {
  /** What the questions of all forms can fill. */
  answers: AnswerKinds;
  /** The keys of the consents that are asked for. */
  consents: ReadonlySet<string>;
}

interface Fault {
  code: FieldMapFault;
  what: string;
}

/** The first rule about an answer or a consent that nobody is asked for; null if there is none. */
export function unaskedSource(env: Env, { answers, consents }: AskedOfPeople): Fault | null {
  for (const { source } of env.BITRIX24_MARK_FIELDS) {
    const question = answerKey(source);
    if (question !== null && !answers.has(question)) return { code: "noQuestion", what: question };
    const consent = consentOfSource(source)?.key;
    if (consent !== undefined && !consents.has(consent)) return { code: "noConsent", what: consent };
  }
  return null;
}

/** The first rule that the portal's fields do not allow, or about what nobody is asked for; null if there is none. */
export function checkFieldMap(env: Env, described: FieldDescriptions, asked?: AskedOfPeople): Fault | null {
  const unasked = asked && unaskedSource(env, asked);
  if (unasked) return unasked;
  const answers = asked?.answers;
  const taken = new Set<string>();
  for (const rule of env.BITRIX24_MARK_FIELDS) {
    const { source, constant, fallback, entity, field } = rule;
    const text = constant ?? fallback;
    const place = findPlace(described, rule);
    if (!place) return { code: "noField", what: field };
    const label = fieldLabel(place);
    if (isSent(entity, place.name)) return { code: "ownField", what: label };
    const target = `${entity}.${place.name}`;
    if (taken.has(target)) return { code: "fieldTwice", what: label };
    taken.add(target);
    if (!isFillable(place)) return { code: "fieldType", what: `${label}: ${place.type}` };
    // The portal expands these words inside batch commands, so that each registration would need requests of its own.
    if (text !== undefined && !isBatchSafe(text)) return { code: "macro", what: text };
    if (!fits(source, constant, place, env.TIME_ZONE, answers))
      return {
        code: constant === undefined ? "unfit" : "unfitText",
        what: `${constant ?? source} → ${label} (${place.type})`,
      };
    if (fallback !== undefined && !fits("text", fallback, place, env.TIME_ZONE))
      return { code: "unfitText", what: `${fallback} → ${label} (${place.type})` };
  }
  return null;
}

/** The labels of the portal's mandatory fields that only some registrations fill: the others are refused there. */
export const partlyFilledFields = (env: Env, described: FieldDescriptions): string[] =>
  mappableEntities.flatMap((entity) =>
    unmetDemands(described, entity, filledBy(env.BITRIX24_MARK_FIELDS, described, entity)).sometimes.map(fieldLabel),
  );

/** The labels of the portal's mandatory fields that neither registrations nor the settings fill. */
export const unfilledFields = (env: Env, described: FieldDescriptions): string[] =>
  mappableEntities.flatMap((entity) =>
    unmetDemands(described, entity, filledBy(env.BITRIX24_MARK_FIELDS, described, entity)).never.map(fieldLabel),
  );

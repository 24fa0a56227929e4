import { convertValue, fits } from "../../bitrix24/convert-value";
import type { ConsentNote } from "../../bitrix24/deal-comment";
import { fieldLabel } from "../../bitrix24/field-descriptions";
import { findPlace } from "../../bitrix24/mapped-fields";
import { isLeftOut } from "../../bitrix24/ornaments";
import type { FieldDescriptions, PortalField } from "../../bitrix24/sent-fields";
import type { ConsentKind } from "../../consents/kinds";
import type { Facts } from "../../crm/facts";
import { consentOfSource, type FieldRule, type MappableEntity } from "../../platform/field-map";
import type { PendingCorrection } from "./pending";

/** A field of the portal that the settings fill with what is known of a consent. */
interface ConsentField {
  kind: string;
  /** As managers see it. */
  label: string;
}

interface WritableField extends ConsentField {
  place: PortalField;
  value: unknown;
}

/** How the portal's fields follow a consent that was given or withdrawn. */
export interface ConsentPlan {
  contact: WritableField[];
  deal: WritableField[];
  /** What a manager has to see to. */
  left: ConsentField[];
}

export const noConsents: ConsentPlan = { contact: [], deal: [], left: [] };

/** The plan for a contact that does not take the change: its fields are left to a manager. */
export const withConsentsLeft = ({ contact, deal, left }: ConsentPlan): ConsentPlan => ({
  contact: [],
  deal,
  left: [...left, ...contact],
});

export const fieldsOf = (writable: WritableField[]): Record<string, unknown> =>
  Object.fromEntries(writable.map(({ place, value }) => [place.name, value]));

interface Portal {
  rules: FieldRule[];
  /** Null: the portal does not tell its fields. */
  described: FieldDescriptions | null;
  /** What holds now, by the names of the field map. */
  facts: Facts | undefined;
  zone: string;
  /** Whether the person's contact, and deal, may be changed. */
  mayWrite: Record<MappableEntity, boolean>;
}

/**
 * The person has the last word on a consent: what stands in the field is not compared, as a changed detail's is. A field
 * that has other values too, that the portal does not describe, or that cannot take the present value is left to a manager.
 */
export function planConsents(correction: PendingCorrection, { rules, ...portal }: Portal): ConsentPlan {
  const plan: ConsentPlan = { contact: [], deal: [], left: [] };
  for (const rule of rules) {
    const kind = consentOfSource(rule.source)?.key;
    // In a contact that was there before the registration the settings have filled nothing.
    if (!kind || !correction.consents.includes(kind) || (rule.entity === "contact" && !correction.madeHere)) continue;
    const place = portal.described && findPlace(portal.described, rule);
    if (place && !fits(rule.source, undefined, place, portal.zone)) continue;
    const field = { kind, label: place ? fieldLabel(place) : rule.field };
    const { described } = portal;
    const isShared = rules.some(
      (other) => other !== rule && other.entity === rule.entity && described && findPlace(described, other) === place,
    );
    const value = place && !isShared ? presentValue(correction, rule, { ...portal, place }) : null;
    if (place && value !== null) plan[rule.entity].push({ ...field, place, value });
    // Of an emptied field a deal's answer does not tell whether the portal has emptied it.
    if (value === null || (rule.entity === "deal" && isEmpty(value))) plan.left.push(field);
  }
  return plan;
}

const isEmpty = (value: unknown): boolean => value === "" || (Array.isArray(value) && value.length === 0);

/** Null: nothing can be written. */
function presentValue(
  { leftOut }: PendingCorrection,
  { source, fallback, entity }: FieldRule,
  { facts, zone, mayWrite, place }: Omit<Portal, "rules"> & { place: PortalField },
): unknown {
  if (!mayWrite[entity] || isLeftOut({ leftOut }, entity, place)) return null;
  const convert = (text: string | undefined) => (text === undefined ? null : convertValue(text, place, zone));
  const value = convert(facts?.[source]) ?? convert(fallback);
  if (value !== null) return value;
  if (place.required) return null;
  return place.multiple ? [] : "";
}

/** What the deal's comment says of the consents whose fields a manager has to see to. */
export const consentNotes = (
  { left }: ConsentPlan,
  { kinds, facts, locale }: { kinds: readonly ConsentKind[]; facts: Facts | undefined; locale: string },
): ConsentNote[] =>
  [...new Set(left.map(({ kind }) => kind))].map((kind) => ({
    label: kinds.find(({ key }) => key === kind)?.wording.label[locale === "en" ? "en" : "ru"] ?? kind,
    holds: facts?.[`consent.${kind}`] === "yes",
  }));

import { answerKey, certainSources, type FieldRule } from "../platform/field-map";
import type { Logger } from "../platform/log";
import { convertAnswer, convertValue, fits } from "./convert-value";
import { isLeftOut } from "./ornaments";
import type { Person } from "./person";
import { type Entity, type FieldDescriptions, isNamed, type PortalField } from "./sent-fields";

const maxJoined = 20_000;

/** A rule whose field the portal has, and whose values can go there. */
export interface PlacedRule extends FieldRule {
  place: PortalField;
}

export interface Placing {
  /** The site's address, for links to a person's page. */
  siteUrl: string;
  zone: string;
}

/**
 * The rules with the portal's own fields: their names cannot be computed. A rule whose field the portal does not
 * describe, or whose values it could not store, is left out. `described`: null if the portal does not tell its fields.
 */
export function placeRules(
  rules: FieldRule[],
  described: FieldDescriptions | null,
  { zone, log }: { zone: string; log: Pick<Logger, "warn"> },
): PlacedRule[] {
  const placed = rules.flatMap((rule): PlacedRule[] => {
    const place = described && findPlace(described, rule);
    return place && fits(rule.source, rule.constant, place, zone) ? [{ ...rule, place }] : [];
  });
  if (placed.length < rules.length)
    log.warn(
      { fields: rules.filter(({ field }) => !placed.some((rule) => rule.field === field)).map(({ field }) => field) },
      "the portal does not describe every field that is to be filled",
    );
  return placed;
}

export const findPlace = (described: FieldDescriptions, { entity, field }: FieldRule): PortalField | undefined =>
  described[entity].find((place) => isNamed(place, field));

/**
 * The fields that these rules fill for everybody, by the portal's names; those of them that have the same value for
 * everybody; and those for some people only.
 */
export function filledBy(rules: FieldRule[], described: FieldDescriptions, entity: Entity) {
  const own = rules.filter((rule) => rule.entity === entity);
  const names = (some: FieldRule[]) => new Set(some.flatMap((rule) => findPlace(described, rule)?.name ?? []));
  const isCertain = ({ source, constant, fallback }: FieldRule) =>
    (constant ?? fallback) !== undefined || certainSources.has(source);
  const varying = names(own.filter(({ constant }) => constant === undefined));
  return {
    always: names(own.filter(isCertain)),
    constant: new Set([...names(own)].filter((name) => !varying.has(name))),
    sometimes: names(own.filter((rule) => !isCertain(rule))),
  };
}

/** Everything that a rule can send of this person. */
export function valuesOf(person: Person, { siteUrl }: Placing): Record<string, string> {
  const { firstName, lastName, company, email, phone, phoneExtension, userId, locale } = person;
  const utm = Object.fromEntries(Object.entries(person.utm).map(([name, value]) => [name.toLowerCase(), value]));
  const known: Record<string, string | null | undefined> = {
    ...{ firstName, lastName, company, email, phone, phoneExtension, language: locale },
    ...person.visit,
    ...utm,
    ...person.facts,
    user_id: String(userId),
    user_link: `${siteUrl}/admin/users/${userId}`,
  };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/**
 * Several values of one field: lines of a text, or further entries of a field that takes several. Null where the field
 * cannot hold the further value as well, which then stands where values without a field stand.
 */
function joinValues(before: unknown, value: unknown): unknown {
  if (before === undefined) return value;
  if (Array.isArray(before) && Array.isArray(value))
    return [...before, ...value.filter((each) => !before.includes(each))];
  if (typeof before !== "string" || typeof value !== "string") return null;
  const text = `${before}\n${value}`;
  return text.length <= maxJoined ? text : null;
}

/** The record's fields by the rules, and the sources whose values are in them. */
export function mappedFields(
  person: Person,
  entity: Entity,
  { rules, ...placing }: Placing & { rules: PlacedRule[] },
): { fields: Record<string, unknown>; told: Set<string> } {
  const fields: Record<string, unknown> = {};
  const told = new Set<string>();
  if (rules.length === 0) return { fields, told };
  const values = valuesOf(person, placing);
  for (const { source, constant, fallback, place, ...rule } of rules) {
    // What the portal refuses in this field is told elsewhere.
    if (rule.entity !== entity || isLeftOut(person, entity, place)) continue;
    const answer = person.answers?.find(({ key }) => key === answerKey(source));
    const convert = (text: string | undefined) => (text === undefined ? null : convertValue(text, place, placing.zone));
    const own = answer ? convertAnswer(answer, place, placing.zone) : convert(constant ?? values[source]);
    const value = own ?? convert(fallback);
    if (value === null) continue;
    const joined = joinValues(fields[place.name], value);
    if (joined === null) continue;
    fields[place.name] = joined;
    if (own !== null) told.add(source);
  }
  return { fields, told };
}

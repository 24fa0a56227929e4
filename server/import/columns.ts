import type { Question } from "../forms/definition";
import { eachPersonField, type PersonFieldName, personField, personFieldNames } from "../person/fields";
import { isTimeZone } from "../platform/time-zone";
import type { utmKeys } from "../platform/utm-keys";
import type { NamedForm } from "./form-names";
import { ImportFileError } from "./import-file-error";

/** A field that every installation has. */
export type OwnField = PersonFieldName | "paid" | "paidAt" | "registeredAt" | "form" | (typeof utmKeys)[number];
/** The answer to a question of the site, by the question's key. */
export type AnswerTarget = `answer.${string}`;
export type Field = OwnField | AnswerTarget;
/** The meaning of a column that every installation knows: a field, or a full name, which is split. */
export type OwnTarget = OwnField | "fullName";
export type Target = OwnTarget | AnswerTarget;

/** In the order in which they are offered. A record, so that a field that is left out does not compile. */
const offered: Record<OwnTarget, true> = {
  fullName: true,
  ...eachPersonField(() => true),
  paid: true,
  paidAt: true,
  registeredAt: true,
  form: true,
  utm_source: true,
  utm_medium: true,
  utm_campaign: true,
  utm_content: true,
  utm_term: true,
};
export const targets = Object.keys(offered) as OwnTarget[];
const answerPattern = /^answer\.[a-z][a-z0-9_]{0,39}$/;
const isTarget = (text: string): text is Target =>
  answerPattern.test(text) || targets.some((target) => target === text);

export const answerTarget = (key: string): AnswerTarget => `answer.${key}`;
/** The question's key; null: a field that every installation has. */
export const keyOfTarget = (target: Target): string | null =>
  answerPattern.test(target) ? target.slice("answer.".length) : null;
export const isOwnTarget = (target: Target): target is OwnTarget => keyOfTarget(target) === null;
const requiredFields = personFieldNames.filter((name) => personField(name).required);

/**
 * The meaning of each column of a list; null: not used. Several columns may have the same meaning, as with phones: then
 * the first non-empty one counts.
 */
export interface Columns {
  header: string[];
  targets: (Target | null)[];
  /** The zone in the header, as in our own export: "Registered (Europe/Moscow)". */
  zones: (string | null)[];
  /** The site's questions, as they were when the list was read first: an edited form changes no import in progress. */
  questions: readonly Question[];
  /** The site's forms likewise; left out where there is only one. */
  forms?: readonly NamedForm[];
  /** The meaning was guessed from the column's content or an ambiguous header: an administrator should check it. */
  guessed: boolean;
}

/** A remark in brackets behind the header: the zone of our own export, or the kind of a phone. */
export const remarkInHeader = /\(([^()]+)\)\s*$/;

export function zoneOf(header: string): string | null {
  const zone = remarkInHeader.exec(header)?.[1]?.trim();
  return zone && isTimeZone(zone) ? zone : null;
}

/** Required fields that no column has. */
export const missingFields = ({ targets }: Pick<Columns, "targets">): OwnField[] =>
  requiredFields.filter(
    (field) => !targets.includes(field) && !(field === "firstName" && targets.includes("fullName")),
  );

/** The columns as chosen by an administrator. */
export function chooseColumns(
  header: string[],
  chosen: (Target | null)[],
  questions: readonly Question[] = [],
  forms: readonly NamedForm[] = [],
): Columns {
  const asked = new Set<Target>(questions.map(({ key }) => answerTarget(key)));
  const isKnown = (target: Target) => (target === "form" ? forms.length > 0 : isOwnTarget(target) || asked.has(target));
  const known = (target: Target | null) => (target !== null && isKnown(target) ? target : null);
  const zones = header.map(zoneOf);
  const targets = header.map((_, place) => known(chosen[place] ?? null));
  return { header, targets, zones, questions, ...(forms.length > 0 ? { forms } : {}), guessed: false };
}

/** Throws ImportFileError if a required field is missing. */
export function requireColumns(columns: Columns): Columns {
  const missing = missingFields(columns);
  if (missing.length > 0) throw new ImportFileError("columns_missing", { fields: missing });
  return columns;
}

/** The target of a name; null for "not used"; undefined if the name is unknown. */
export const parseTarget = (text: string): Target | null | undefined =>
  text === "" ? null : isTarget(text) ? text : undefined;

/** Headers of unused columns. */
export const ignoredHeaders = ({ header, targets }: Columns): string[] =>
  header.filter((name, place) => name !== "" && targets[place] === null);

/** The meanings that a list has, the fields of every installation first. */
export const meaningsOf = ({ targets: found }: Pick<Columns, "targets">): Target[] => [
  ...targets.filter((target) => found.includes(target)),
  ...new Set(found.filter((target): target is Target => target !== null && !isOwnTarget(target))),
];

/** Headers of several columns with the same meaning, in the order in which they are read. */
export function sharedColumns({
  header,
  targets: found,
}: Pick<Columns, "header" | "targets">): { target: Target; headers: string[] }[] {
  return meaningsOf({ targets: found }).flatMap((target) => {
    const headers = header.filter((_, place) => found[place] === target);
    return headers.length > 1 ? [{ target, headers }] : [];
  });
}

import { type PersonFieldName, personField, personFieldNames } from "../person/fields";
import { isTimeZone } from "../platform/time-zone";
import { ImportFileError } from "./import-file-error";

/** What only a list brings along. */
const listFields = [
  "paid",
  "paidAt",
  "registeredAt",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_content",
  "utm_term",
] as const;

export type Field = PersonFieldName | (typeof listFields)[number];
/** What a column can be: a field, or a name in one piece, which is taken apart. */
export type Target = Field | "fullName";

/** In the order in which they are offered. */
export const targets: Target[] = ["fullName", ...personFieldNames, ...listFields];
const isTarget = (text: string): text is Target => targets.some((target) => target === text);
const requiredFields = personFieldNames.filter((name) => personField(name).required);

/**
 * What each column of a list is; null: not used. Several columns may be the same, as with phones: then the first one that
 * is filled counts.
 */
export interface Columns {
  header: string[];
  targets: (Target | null)[];
  /** The zone that the header names, as those of our own export do: "Registered (Europe/Moscow)". */
  zones: (string | null)[];
  /** An administrator should check it before the import: it was guessed from the column's content, or from an ambiguous name. */
  guessed: boolean;
}

/** The brackets behind a name: the zone of our own export, or the kind of a phone. */
export const remarkInHeader = /\s*\(([^()]+)\)\s*$/;

export function zoneOf(header: string): string | null {
  const zone = remarkInHeader.exec(header)?.[1]?.trim();
  return zone && isTimeZone(zone) ? zone : null;
}

/** The fields that everybody needs and no column brings. */
export const missingFields = ({ targets }: Pick<Columns, "targets">): Field[] =>
  requiredFields.filter(
    (field) => !targets.includes(field) && !(field === "firstName" && targets.includes("fullName")),
  );

/** The columns as an administrator has chosen them. */
export function chooseColumns(header: string[], targets: (Target | null)[]): Columns {
  const zones = header.map(zoneOf);
  return { header, targets: header.map((_, place) => targets[place] ?? null), zones, guessed: false };
}

/** Throws ImportFileError where a field that everybody needs is missing. */
export function requireColumns(columns: Columns): Columns {
  const missing = missingFields(columns);
  if (missing.length > 0) throw new ImportFileError("columns_missing", { fields: missing });
  return columns;
}

/** The name of a target, or null for "not used"; undefined where it is neither. */
export const parseTarget = (text: string): Target | null | undefined =>
  text === "" ? null : isTarget(text) ? text : undefined;

/** Headers of columns that are not used. */
export const ignoredHeaders = ({ header, targets }: Columns): string[] =>
  header.filter((name, place) => name !== "" && targets[place] === null);

/** Headers of several columns that are the same, in the order in which the first filled one is looked for. */
export function sharedColumns({
  header,
  targets: found,
}: Pick<Columns, "header" | "targets">): { target: Target; headers: string[] }[] {
  return targets.flatMap((target) => {
    const headers = header.filter((_, place) => found[place] === target);
    return headers.length > 1 ? [{ target, headers }] : [];
  });
}

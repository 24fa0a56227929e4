import { percentDecoded } from "./percent";
import { clickKeys, clientKeys, utmKeys, visitKeys } from "./utm-keys";

/**
 * Which value of a registration goes to which field of the portal, as text: `gclid=UF_CRM_GCLID`, `company=contact.post`,
 * `text:Spring%20sale=deal.additionalInfo`, `company|Private=contact.post` with a text for people without the value. Loaded by
 * the browser.
 */

/**
 * `link`: an address; `number` and `date` can also fill fields of these types; `choice`, `choices` and `flag`: what was
 * chosen: one option, several, yes or no.
 */
export type SourceKind = "text" | "link" | "number" | "date" | "choice" | "choices" | "flag";

const texts = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "text" as SourceKind]));

/** Everything that is known of a registration, and its kind. */
export const fieldSources: Record<string, SourceKind> = {
  ...texts(["firstName", "lastName", "company", "email", "phone", "phoneExtension"]),
  ...texts(clickKeys),
  referrer: "link",
  landing: "text",
  ...texts(utmKeys),
  ...texts(utmKeys.map((key) => `first_${key}`)),
  first_referrer: "link",
  first_landing: "text",
  first_at: "date",
  ...texts(clientKeys),
  consent_version: "text",
  consent_at: "date",
  registered_at: "date",
  language: "text",
  user_id: "number",
  user_link: "link",
};

/** What is known of a further consent, by its key: `consent.ads`, whether it holds; `consent_version.ads`; `consent_at.ads`. */
const consentSources: Record<string, SourceKind> = { consent: "flag", consent_version: "text", consent_at: "date" };
const ofConsent = /^(\w+)\.([a-z][a-z0-9]{0,19})$/;

export const sourcesOfConsent = (key: string): string[] => Object.keys(consentSources).map((part) => `${part}.${key}`);

/** The consent that a source is about, and what of it; null for any other source. */
export function consentOfSource(source: string): { part: string; key: string } | null {
  const [, part = "", key = ""] = ofConsent.exec(source) ?? [];
  return Object.hasOwn(consentSources, part) ? { part, key } : null;
}

/** Undefined: there is no such source. */
export function sourceKindOf(source: string): SourceKind | undefined {
  if (Object.hasOwn(fieldSources, source)) return fieldSources[source];
  const part = consentOfSource(source)?.part;
  return part === undefined ? undefined : consentSources[part];
}

/** The key of the question whose answer a source or a placeholder of titles is; null for any other. */
export const answerKey = (name: string): string | null => /^answer\.([a-z][a-z0-9_]{0,39})$/.exec(name)?.[1] ?? null;

/** Sources that every registration has. */
export const certainSources = new Set([
  "firstName",
  "email",
  "phone",
  "registered_at",
  "language",
  "user_id",
  "user_link",
]);

export const mappableEntities = ["contact", "deal"] as const;
export type MappableEntity = (typeof mappableEntities)[number];

export interface FieldRule {
  /** A name that sourceKindOf knows; `answer.KEY`: an answer; `text`: the same constant for everybody. */
  source: string;
  constant?: string;
  /** Sent for people without the value. */
  fallback?: string;
  entity: MappableEntity;
  /** The field's name, as `UF_CRM_…` or as the newer methods name it. */
  field: string;
}

const target = /^(?:(contact|deal)\.)?(\w{1,100})$/;
const userField = /^(UF_CRM_|ufCrm)/;

/** Parses a map; null if any part of it cannot be understood. */
export function readFieldMap(text: string): FieldRule[] | null {
  const rules: FieldRule[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    if (part === "") continue;
    const [left = "", right = "", ...rest] = part.split("=").map((each) => each.trim());
    const [, entity, field] = target.exec(right) ?? [];
    const constant = left.startsWith("text:") ? (percentDecoded(left.slice(5)) ?? undefined) : undefined;
    const [source = "", instead] = left.startsWith("text:") ? ["text"] : left.split("|", 2);
    const fallback = instead === undefined ? undefined : (percentDecoded(instead) ?? undefined);
    const isKnown =
      sourceKindOf(source) !== undefined || answerKey(source) !== null || (constant !== undefined && constant !== "");
    if (rest.length > 0 || !field || !isKnown || (instead !== undefined && !fallback)) return null;
    // As in earlier releases: without the record's name it is a user field of deals, and what is known of the visit.
    if (!entity && !(userField.test(field) && visitKeys.some((key) => key === source))) return null;
    const rule = { entity: (entity as MappableEntity | undefined) ?? "deal", field };
    rules.push({
      source,
      ...(constant === undefined ? {} : { constant }),
      ...(fallback === undefined ? {} : { fallback }),
      ...rule,
    });
  }
  return rules;
}

export const writeFieldMap = (rules: FieldRule[]): string =>
  rules
    .map(({ source, constant, fallback, entity, field }) => {
      const instead = fallback === undefined ? "" : `|${encodeURIComponent(fallback)}`;
      const left = constant === undefined ? `${source}${instead}` : `text:${encodeURIComponent(constant)}`;
      return `${left}=${entity}.${field}`;
    })
    .join(", ");

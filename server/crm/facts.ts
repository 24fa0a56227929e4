import { processingKind } from "../consents/kinds";
import { consentOfSource, type FieldRule } from "../platform/field-map";
import { utmKeys } from "../platform/utm-keys";
import { clientIdsOf, type UtmData } from "../registration/utmUtils";
import type { Services } from "../services";

/** What the settings may send to fields of the portal beside a person's details, by the names of field-map.ts. */
export type Facts = Record<string, string>;

const firstKeys = [...utmKeys, "referrer", "landing", "at"] as const;

/** The first touch, the ids of the site's counters and the moment of the registration. */
export function factsOf(touches: UtmData, createdAt: Date): Facts {
  const { first } = touches;
  const touched = firstKeys.flatMap((key) => (first?.[key] ? [[`first_${key}`, first[key]]] : []));
  return { ...Object.fromEntries(touched), ...clientIdsOf(touches), registered_at: createdAt.toISOString() };
}

/** What the fields are filled with of people's consents that are in force. Read only if there is such a field. */
export async function consentFacts(
  { db }: Pick<Services, "db">,
  rules: FieldRule[],
  userIds: number[],
): Promise<Map<number, Facts>> {
  const wanted = new Set(rules.map(({ source }) => source));
  const further = new Set([...wanted].flatMap((source) => consentOfSource(source)?.key ?? []));
  const ofProcessing = wanted.has("consent_version") || wanted.has("consent_at");
  if (!ofProcessing && further.size === 0) return new Map();
  const consents = await db.consent.findMany({
    where: { userId: { in: userIds }, kind: { in: [processingKind, ...further] }, withdrawnAt: null },
    orderBy: { id: "asc" },
    select: { userId: true, kind: true, version: true, givenAt: true },
  });
  const none = [...further].map((key): [string, string] => [`consent.${key}`, "no"]);
  const facts = new Map(userIds.map((id): [number, Facts] => [id, Object.fromEntries(none)]));
  for (const { userId, kind, version, givenAt } of consents)
    Object.assign(facts.get(userId) ?? {}, factsOfConsent(kind, { version, at: givenAt.toISOString() }));
  return facts;
}

/** A consent that holds, by the names of the field map. */
export const factsOfConsent = (kind: string, { version, at }: { version: string; at: string }): Facts =>
  kind === processingKind
    ? { consent_version: version, consent_at: at }
    : { [`consent.${kind}`]: "yes", [`consent_version.${kind}`]: version, [`consent_at.${kind}`]: at };

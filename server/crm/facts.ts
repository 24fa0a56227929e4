import type { FieldRule } from "../platform/field-map";
import { utmKeys } from "../platform/utm-keys";
import type { Touch } from "../registration/utmUtils";
import type { Services } from "../services";

/** What the settings may send to fields of the portal beside a person's details, by the names of fieldSources. */
export type Facts = Record<string, string>;

const firstKeys = [...utmKeys, "referrer", "landing", "at"] as const;

/** The first touch and the moment of the registration. */
export function factsOf({ first, createdAt }: { first: Touch | null; createdAt: Date }): Facts {
  const touched = firstKeys.flatMap((key) => (first?.[key] ? [[`first_${key}`, first[key]]] : []));
  return { ...Object.fromEntries(touched), registered_at: createdAt.toISOString() };
}

/** The consents to the registration that are in force. Read only if a field is filled with them. */
export async function consentFacts(
  { db }: Pick<Services, "db">,
  rules: FieldRule[],
  userIds: number[],
): Promise<Map<number, Facts>> {
  if (!rules.some(({ source }) => source.startsWith("consent_"))) return new Map();
  const consents = await db.consent.findMany({
    where: { userId: { in: userIds }, kind: "registration", withdrawnAt: null },
    orderBy: { id: "asc" },
    select: { userId: true, version: true, givenAt: true },
  });
  return new Map(
    consents.map(({ userId, version, givenAt }) => [
      userId,
      { consent_version: version, consent_at: givenAt.toISOString() },
    ]),
  );
}

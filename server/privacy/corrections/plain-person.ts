import { emoji, plainFields } from "../../bitrix24/ornaments";
import type { StoredPerson } from "../../person/fields";
import type { PendingCorrection } from "./pending";

/** What a portal has of the person that refuses emoji, or this person's name: see server/bitrix24/ornaments.ts. */
function plainPerson(person: StoredPerson, leftOut: string[]): StoredPerson {
  const { firstName, lastName, company, email } = person;
  const plain = plainFields({ name: firstName, lastName: lastName ?? "", company }, leftOut, email);
  return { ...person, firstName: plain.name, lastName: plain.lastName || null, company: plain.company };
}

/**
 * Every version of the details that the portal may hold: as they were, and without emoji, which a registration may have
 * left out without a note in its row.
 */
export const toldVersions = ({ told, leftOut }: Pick<PendingCorrection, "told" | "leftOut">): StoredPerson[] =>
  told.flatMap((person) => [person, plainPerson(person, [...leftOut, emoji])]);

/** The present details as they are sent. */
export const sentNow = ({ now, leftOut }: Pick<PendingCorrection, "now" | "leftOut">): StoredPerson =>
  leftOut.length === 0 ? now : plainPerson(now, leftOut);

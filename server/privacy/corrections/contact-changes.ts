import { contactNames, heldNames } from "../../bitrix24/contact-names";
import type { Communication, CorrectableContact } from "../../bitrix24/correctable";
import { fitted, isTooLong } from "../../bitrix24/field-lengths";
import { sameEmail, samePhone } from "../../bitrix24/match-contact";
import { sameText } from "../../bitrix24/same-text";
import { type PersonFieldName, personField, personFieldNames, type StoredPerson } from "../../person/fields";
import { erasedEmail } from "../erased-placeholders";

/** What to change in our contact so that it matches the person's present details. */
export interface ContactChanges {
  /** Fields of the update; null: the contact matches already. */
  fields: Record<string, unknown> | null;
  /** Details that a manager has replaced: the manager's value stays, and the deal's comment tells of the new one. */
  disputed: PersonFieldName[];
  /** Details that the contact has no room for: the former value goes, and the deal's comment tells of the new one. */
  tooLong: PersonFieldName[];
}

interface Change {
  userId: number;
  /** Versions of the person's details that the portal may hold. */
  told: StoredPerson[];
  now: StoredPerson;
  /** Details that the portal refuses. */
  leftOut: string[];
  /** Other registered people linked to the contact: their e-mails and phones are not removed. */
  sharedWith: Pick<StoredPerson, "email" | "phone">[];
}

const kinds = {
  EMAIL: { field: "email", same: sameEmail },
  PHONE: { field: "phone", same: samePhone },
} as const;

/** The details in which the person differs from what the portal was told. */
export const changedFields = (told: StoredPerson[], now: StoredPerson): PersonFieldName[] =>
  personFieldNames.filter((name) => told.some((before) => (before[name] ?? "") !== (now[name] ?? "")));

/**
 * Three-way comparison, as with payments: the contact's value, the value last sent, and the present value. Only a value
 * that is still as it was sent is replaced; phones and addresses that managers added stay. Repeating changes nothing.
 */
export function contactChanges(contact: CorrectableContact, change: Change): ContactChanges {
  const { userId, told, now, sharedWith } = change;
  const changed = changedFields(told, now);
  const held = told.flatMap((before) => heldNames(before, change.leftOut));
  const sent = contactNames(now, change.leftOut);
  const fields: Record<string, unknown> = {};
  const disputed: PersonFieldName[] = [];
  const tooLong: PersonFieldName[] = [];
  for (const name of changed) {
    const { portal } = personField(name);
    if (portal !== "name" && portal !== "lastName") continue;
    const wanted = sent[portal];
    if (contact[portal] === wanted) continue;
    if (held.some((names) => sameText(contact[portal], names[portal]))) fields[portal] = wanted;
    else if (!sameText(contact[portal], wanted)) disputed.push(name);
  }
  const fm = Object.assign(
    {},
    ...Object.entries(kinds).map(([typeId, { field, same }], index) => {
      if (!changed.includes(field)) return {};
      const entries = contact.fields.filter((entry) => entry.typeId === typeId);
      // The detail as it was sent, its beginning where a portal cut it, or the meaningless address that a hand-over wrote.
      const isTold = (value: string) =>
        value === erasedEmail(userId) ||
        told.some((before) => same(value, before[field]) || same(value, fitted(typeId, before[field])));
      const isOld = ({ value }: Communication) =>
        !same(value, now[field]) && isTold(value) && !sharedWith.some((person) => same(value, person[field]));
      const old = entries.filter(isOld);
      const removed = Object.fromEntries(old.map(({ id, valueType }) => [id, { typeId, valueType, value: "" }]));
      if (isTooLong(typeId, now[field])) {
        tooLong.push(field);
        return removed;
      }
      const isThere = entries.some(({ value }) => same(value, now[field]));
      const replaced = isThere ? undefined : old[0];
      return {
        ...removed,
        ...(replaced ? { [replaced.id]: { typeId, valueType: replaced.valueType, value: now[field] } } : {}),
        ...(isThere || replaced ? {} : { [`n${index}`]: { typeId, valueType: "WORK", value: now[field] } }),
      };
    }),
  );
  if (Object.keys(fm).length > 0) fields.fm = fm;
  return { fields: Object.keys(fields).length > 0 ? fields : null, disputed, tooLong };
}
